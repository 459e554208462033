ledger-not-covered = 账上没有这么多钱，没有办成。请刷新后看看现在的金额。
