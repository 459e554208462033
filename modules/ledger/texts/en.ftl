ledger-not-covered = There is not that much money on the account, so nothing was done. Please reload and look at the amount as it stands now.
