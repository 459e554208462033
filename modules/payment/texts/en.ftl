# Why a payment or a refund says no.
payment-changed = This payment has just changed, so nothing was done. Please reload and look again.
payment-ended = The time to pay is over, so this can no longer be paid. You were not charged; you can book again.
payment-already-paid = This is paid already; you need not pay again.
payment-unavailable = WeChat Pay does not answer at the moment. You have not paid; please try again in a little while.
payment-declined = WeChat Pay did not accept this payment. You were not charged; please try again or call the shop.
payment-no-payee = This shop cannot take WeChat payments yet. Please call the shop.
payment-refund-too-much = That is more than was paid, so nothing was given back.
payment-refund-too-late = The payment is more than a year old and WeChat cannot return it. Please give the money back another way.
payment-refund-in-parts = This payment has been given back in 50 parts already; WeChat takes no more.
payment-refund-not-failed = This refund did not fail, or was repeated already, so it was not repeated.
payment-looked-at = Somebody has dealt with this already.
payment-no-note = Please write down what you did about it.
payment-refund-own = Somebody else has to agree to a refund; whoever asked for it cannot.
payment-refund-not-waiting = Somebody has dealt with this refund already.
payment-refund-not-stuck = This refund is not stuck; nothing needs to be done.
payment-no-amount = Please write how much goes back, such as 50 or 50.5.
payment-no-reason = Please write why; the customer will read it.
# The centre's pages.
payment-quarantine-title = { $count ->
    [0] No money to look into
    [one] { $count } payment to look into
   *[other] { $count } payments to look into
}
payment-quarantine-none = Nothing to look into
payment-quarantine-some = This money does not fit; look at each
payment-quarantine-empty = All money fits.
payment-quarantine-back = money to look into
payment-refunds-link = Refunds that failed
payment-to-look = To look into
payment-looked = Dealt with
payment-suspect-answer = This money was put on no order
payment-amount = Amount
payment-number = Our number
payment-transaction = WeChat's number
payment-source = How we know
payment-source-notice = WeChat told us
payment-source-query = We asked
payment-found = Found
payment-body = WeChat's words
payment-note = What you did (required)
payment-note-hint = For example: returned in WeChat's merchant console
payment-note-save = Done with
payment-note-saved = Noted what was done
payment-doubt-number = Not our number
payment-doubt-amount = Wrong amount
payment-doubt-currency = Wrong currency
payment-doubt-merchant = Wrong service provider
payment-doubt-sub-merchant = Wrong shop
payment-doubt-app = Wrong official account
payment-doubt-payer = Wrong payer
payment-doubt-transaction = Wrong WeChat number
payment-doubt-refund = More back than paid
payment-refunds-title = { $count ->
    [0] No refund failed
    [one] { $count } refund failed
   *[other] { $count } refunds failed
}
payment-refunds-answer = Find out why, then repeat them
payment-refunds-empty = Every refund went through.
payment-refund-failed = Refund { $number } of { $amount } failed. WeChat says: { $why }.
payment-refund-stuck = Refund { $number } of { $amount } is stuck at the customer's bank; please settle it in WeChat's merchant console. WeChat says: { $why }.
payment-refund-again = Repeat the refund
payment-refund-repeated = Repeated; please look at the result in a few minutes
# What the shop was paid, and giving it back.
payment-day-title = { $day }: { $amount } by WeChat, { $count ->
    [one] { $count } payment
   *[other] { $count } payments
}
payment-day-answer = { $amount } of what came by WeChat was given back.
payment-day-cash = { $given ->
    [yes] { $amount } in cash, { $back } of it given back
   *[no] { $amount } in cash
}
payment-day-empty = Nothing was paid by WeChat on this day.
payment-day-before = The day before
payment-day-back = payments
payment-given-back = { $amount } given back
payment-waiting-link = { $count ->
    [0] No refund waits
    [one] { $count } refund waits
   *[other] { $count } refunds wait
}
payment-one-title = Payment of { $amount }
payment-one-answer = { $amount } can go back
payment-what = What
payment-paid-at = Paid
payment-refunds = Refunds
payment-at-order = The order; money goes back there
payment-refund-waits = { $at }: { $amount } waits for somebody else to agree. Reason: { $why }
payment-refund-planned = { $at }: { $amount } is about to be sent to WeChat. Reason: { $why }
payment-refund-rejected = { $at }: { $amount } was not agreed to. Reason: { $why }
payment-refund-running = { $at }: { $amount } is on its way. Reason: { $why }
payment-refund-arrived = { $at }: { $amount } arrived. Reason: { $why }
payment-refund-at-bank = { $at }: { $amount } is stuck at the customer's bank; the owner has to act. Reason: { $why }
payment-refund-not-done = { $at }: { $amount } failed. Reason: { $why }
payment-refund-by-hand = { $at }: { $amount } was paid by the shop another way. Reason: { $why }
payment-waiting-title = { $count ->
    [0] No refund waits
    [one] { $count } refund waits
   *[other] { $count } refunds wait
}
payment-waiting-none = No refund to agree to
payment-waiting-later = What staff ask for and a second person must agree to will stand here
payment-waiting-answer = Agree to each, or not
payment-waiting-one = { $at }: { $what }, paid { $whole }, { $amount } to go back. Reason: { $why }
payment-waiting-own = You asked for this; somebody else has to agree.
payment-approve = Agree to the refund
payment-approved = Agreed; it is being sent
payment-reject-why = Why not { $what } (required)
payment-reject = Do not agree
payment-rejected = Not agreed; nothing goes back
payment-approvals-link = Refunds that wait
# Stuck refunds.
payment-redirect-hint = The customer's bank cannot take this refund. It can go to the shop's account, and the shop pays the customer.
payment-redirect = Send it to the shop's account
payment-redirected = On its way to the shop's account; please pay the customer another way
payment-settle-how = How the customer got { $amount } (required)
payment-settle = Note as paid another way
payment-settled-by-hand = Noted; this refund is done
# WeChat's bill.
payment-source-bill = WeChat's bill
payment-bills-link = WeChat's bills
payment-bills-title = { $count ->
    [0] WeChat's bills agree
    [one] { $count } difference to WeChat's bills
   *[other] { $count } differences to WeChat's bills
}
payment-bills-sound = The bill agrees with our books
payment-bills-open = Something differs; look at each
payment-bills-empty = No bill was read yet. Every day after ten the bill of the day before is read.
payment-bills-back = WeChat's bills
payment-bill-title = { $count ->
    [0] The bill of { $day } agrees
    [one] The bill of { $day } has { $count } difference
   *[other] The bill of { $day } has { $count } differences
}
payment-bill-differs = { $count ->
    [one] { $count } difference
   *[other] { $count } differences
}
payment-bill-closed = Closed
payment-bill-not-closed = Not closed
payment-bill-sums = { $count } lines, paid { $paid }, given back { $refunded }, fee { $fee }
payment-bill-same = Every line agrees.
payment-bill-again = Read the bill again
payment-bill-soon = The bill is being read; please reload in a while
payment-difference-explained = Explained
payment-difference-gone = Agreed later
payment-difference-amounts = Our books: { $ours }; WeChat's bill: { $theirs }
payment-nothing = nothing
payment-why = Why it differs (required)
payment-why-hint = For example: WeChat confirmed that the bill is a day late
payment-why-save = Save
payment-why-saved = Noted
payment-differs-payment-unknown = Payment unknown to us
payment-differs-payment-unknown-help = WeChat took this payment and we do not have its number. See in WeChat's merchant console who took it.
payment-differs-payment-unbilled = Payment missing in the bill
payment-differs-payment-unbilled-help = We noted this payment and the bill does not have it. Read the bill again, then look in WeChat's merchant console.
payment-differs-amount = Another amount
payment-differs-amount-help = See in WeChat's merchant console how much was paid.
payment-differs-currency = Another currency
payment-differs-currency-help = Only yuan are taken; look in WeChat's merchant console.
payment-differs-merchant = Another merchant
payment-differs-merchant-help = This was paid to another merchant or official account; look in WeChat's merchant console.
payment-differs-state = Another state
payment-differs-state-help = The bill and we do not agree how it ended; see the money to look into.
payment-differs-transaction = Another WeChat number
payment-differs-transaction-help = One number of ours has two of WeChat's; it may have been paid twice.
payment-differs-duplicate = Twice in the bill
payment-differs-duplicate-help = The same stands in the bill more than once; read the bill again.
payment-differs-refund-unknown = Refund unknown to us
payment-differs-refund-unknown-help = Somebody may have given it back in WeChat's merchant console; find out who.
payment-differs-refund-unbilled = Refund missing in the bill
payment-differs-refund-unbilled-help = We sent this refund and the bill does not have it. Read the bill again, then look in WeChat's merchant console.
payment-differs-refund-amount = Another amount of a refund
payment-differs-refund-amount-help = See in WeChat's merchant console how much went back.
payment-differs-refund-state = Another state of a refund
payment-differs-refund-state-help = See in WeChat's merchant console whether it arrived.
payment-differs-fee = Another fee
payment-differs-fee-help = The fee is not amount times rate; see which rate was agreed.
payment-differs-books = Another amount in the ledger
payment-differs-books-help = The ledger moved another amount than was paid; see what the look through the books found.
payment-differs-total = The bill's totals are wrong
payment-differs-total-help = The lines do not add up to the totals; read the bill again.
payment-differs-flow = Movement without a payment
payment-differs-flow-help = Money moved on the account and the bill has no payment for it; look in WeChat's merchant console.
