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
