# Why the ledger says no.
ledger-not-covered = There is not that much money on the account, so nothing was done. Please reload and look at the amount as it stands now.
ledger-posted = This has been booked already and cannot be freed. Please reload and look again.
ledger-voided = What was reserved has been freed meanwhile, so nothing was done. Please start again.
# The books, for the centre.
ledger-title-never = The books were not checked yet
ledger-title-sound = The books are right
ledger-title-wrong = The books are wrong: look now
ledger-answer-never = Checked every night at 3:30
ledger-answer-at = Checked { $at }
ledger-look = Check now
ledger-look-soon = The books are being checked; reload in a moment
ledger-wrong = What is wrong
ledger-flaw-unreadable = Entry { $place } of the journal cannot be read.
ledger-flaw-place = Entry { $place } of the journal does not follow: something was removed, added or moved.
ledger-flaw-hash = Entry { $place } of the journal was changed.
ledger-flaw-gone = The record behind entry { $place } of the journal is gone.
ledger-unlisted = { $count ->
    [one] One record was not made by this program.
   *[other] { $count } records were not made by this program.
}
ledger-different = { $count ->
    [one] One account's balance differs from its records.
   *[other] { $count } accounts' balances differ from their records.
}
ledger-difference = Account { $account }: the balance says { $kept }, the records add up to { $summed } (debits, credits, reserved debits, reserved credits).
ledger-unguarded = The overdraft limit of account { $account } was changed.
ledger-totals = Totals
ledger-totals-caption = Totals by kind of account
ledger-sum-zero = { $unit }: debits and credits cancel out, exactly zero.
ledger-sum-wrong = { $unit }: debits and credits should cancel out but differ by { $amount }.
ledger-looked-at = { $accounts } accounts and { $transfers } records were checked; the journal holds up to entry { $place }, fingerprint { $hash }.
ledger-kind = Account
ledger-unit = Unit
ledger-accounts = Accounts
ledger-holding = Balance
ledger-reserved-head = Reserved
ledger-shops = Accounts by shop
ledger-no-accounts = No accounts yet: the first payment opens them.
ledger-all = All books
# A shop's accounts.
ledger-shop-title = Accounts of { $shop }
ledger-shop-answer = Choose an account to see its months
ledger-reserved = of which reserved { $amount }
# One account in a month.
ledger-month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }
ledger-statement-title = { $account }, { $month }
ledger-statement-answer = { $count ->
    [one] One movement
   *[other] { $count } movements
}, balance at the end { $amount }
ledger-opening = Balance at the start
ledger-closing = Balance at the end
ledger-no-movements = Nothing moved in this month.
ledger-when = Time
ledger-cause = Reason
ledger-amount = Amount
ledger-balance = Balance
ledger-page = Page { $page }
ledger-cause-payment-settled = Customer paid
ledger-cause-refund-done = Refund to a customer
ledger-cause-refund-earned = Refund to a customer after the service
ledger-cause-refund-late = Refund that seemed to have failed and arrived later
ledger-cause-refund-late_earned = Refund that seemed to have failed and arrived later
ledger-cause-bill-fee = WeChat's fee
ledger-cause-order-kept = Fee for a cancelled booking
ledger-cause-order-fulfilled = Service done, earned
ledger-cause-order-earned = Paid after the service, earned
ledger-cause-order-taken-back = Earned, and the customer's again
ledger-cause-taking-taken = Paid in cash, stored value, points or by coupon
ledger-cause-taking-taken-again = Paid again, as the order lives again
ledger-cause-taking-restored = Order called off, coupon usable again
ledger-cause-return-decided = Cash to hand back
ledger-cause-return-handed = Cash handed back
ledger-cause-return-returned = Back to stored value or points
ledger-cause-return-used = What a coupon paid of something given back
ledger-cause-other = Other ({ $cause } { $key })
# What accounts are for, and what is counted.
ledger-kind-wechat = WeChat receipts
ledger-kind-cash = Cash
ledger-kind-receivable = Still to be paid
ledger-kind-fees = WeChat fees
ledger-kind-revenue = Revenue
ledger-kind-paid = Paid by customers
ledger-kind-refunding = Refunds under way
ledger-kind-suspense = Money to look into
ledger-kind-points = Points
ledger-kind-value = Stored value
ledger-kind-coupon = Coupons
ledger-kind-discounts = Given away
ledger-kind-sms = Text messages
ledger-kind-issued = Issued
ledger-unit-fen = Money
ledger-unit-points = Points
ledger-unit-sms = Messages
ledger-points = { $count ->
    [one] 1 point
   *[other] { $count } points
}
ledger-sms = { $count ->
    [one] 1 message
   *[other] { $count } messages
}
# The statement of a month.
ledger-month-link = Statement of this month
ledger-month-title = { $shop }, { $month }: statement
ledger-month-answer = Net { $amount }
ledger-month-tills = By way of paying
ledger-month-till = { $till }: taken { $taken }, given back { $back }, fee { $fee }, net { $net }
ledger-month-note = WeChat's fee is booked on the next day, when the bill is read.
ledger-month-table = Download as a table (CSV)
ledger-month-all = Together
ledger-month-day-head = Day
ledger-month-till-head = Paid by
ledger-month-taken-head = Taken
ledger-month-back-head = Given back
ledger-month-fee-head = Fee
ledger-month-net-head = Net
