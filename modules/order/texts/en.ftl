# Why an order says no.
order-changed = This order has just changed, so nothing was done. Please reload and look again.
order-expired = The time to pay is over, so this order can no longer be paid. You were not charged; you can book again.
order-already-paid = This order is paid already; you need not pay again.
order-not-placed = This order is not paid yet or has ended, so there is nothing to cancel.
order-not-covered = There is not enough money on this order to bring it back.
order-no-we-chat = Please open this page in WeChat and sign in to pay.
# States.
order-state = State
order-state-open = To pay
order-state-placed = Paid
order-state-fulfilled = Done
order-state-cancelled = Cancelled
order-state-closing = Being checked
order-state-closed = Closed
order-sentence-open = Please pay { $amount } before { $until }
order-sentence-placed = { $amount } paid, the order stands
order-sentence-fulfilled = The service is done
order-sentence-cancelled = Cancelled; what is due to you goes back the way it came
order-sentence-closing = Asking WeChat whether it was paid
order-sentence-closed = Not paid in time, so the order is closed
order-sentence-withdrawn = You cancelled before paying, so the order is closed
# The pay page.
order-pay-title = Pay { $amount }
order-pay-button = Pay { $amount }
order-pay-again = Try again
order-i-paid = I have paid, show the result
order-no-sheet = It cannot be paid right now
order-policy = Free to cancel until { $hours } hours before the start; after that it costs { $percent }%.
order-withdraw = Cancel this order
order-withdrawn = The order is cancelled
order-title-asking = Checking your payment
order-title-paid = Paid
order-title-cancelled = Order cancelled
order-title-closed = Order closed
order-asking = Asking WeChat, please wait a moment
order-ask-again = Ask again
order-back-to-pay = Not paid yet? Back to paying
order-book-again = Book again
# Receipt and lists.
order-what = What you ordered
order-money = Money
order-service = Service
order-shop = Shop
order-number = Order number
order-opened = Ordered
order-total = Total
order-with-wechat = WeChat Pay
order-paid-at = Paid at
order-kept = Cancellation fee
order-refund-waits = The shop asked to return { $amount }; somebody else has to agree
order-refund-running = { $amount } is on its way back, usually within minutes
order-refund-manual = The shop paid you { $amount } back another way
order-refund-rejected = The refund of { $amount } was not agreed to
order-refund-done = { $amount } was returned to the account you paid from
order-refund-trouble = Returning { $amount } met a problem; the centre is on it
order-look = See
order-to-payment = Pay
order-list-title = { $count ->
    [0] No orders
    [one] My orders: { $count }
   *[other] My orders: { $count }
}
order-list-answer = { $count ->
    [0] Nothing to pay
    [one] { $count } order to pay
   *[other] { $count } orders to pay
}
order-list-back = my orders
order-list-empty = You have not ordered anything yet.
order-book = Book
order-console-title = { $count ->
    [0] No orders
    [one] The latest order
   *[other] The latest { $count } orders
}
order-console-answer = Paid today: { $count }, { $amount } in all
order-console-caption = The latest orders
order-console-empty = No orders yet.
order-console-books = See the books
# Tenders, the rest, receipts, goods, the desk.
order-too-much = The amount must be more than 0 and no more than what is still to be paid.
order-no-amount = Please write an amount, such as 128 or 128.50.
order-not-reserved = This money is the order's already and cannot be freed.
order-nothing-chosen = Please write how many you want, at most 99 of each.
order-not-offered = Some of the goods are no longer offered; please choose again.
order-not-goods = There is a booked service on this order, so it cannot be handed out here.
order-no-reason = Please write why money goes back, at most 80 characters.
order-too-much-back = That is more than can be given back of this line.
order-bad-share = Please write a whole number from 1 to 100.
order-sentence-rest = { $amount } paid, { $rest } still to pay
order-due-now = To pay now
order-due-later = To pay at the shop
order-rest = Still to pay
order-with-cash = Cash
order-with-value = Stored value
order-with-points = Points
order-with-coupon = Coupon
order-dropped = cancelled
order-return-due = Please fetch { $amount } in cash at the shop
order-return-done = { $amount } was given back in cash at the shop
order-return-value = { $amount } is back on your stored value
order-return-points = The points that paid { $amount } are yours again
order-return-coupon-used = The coupon stays used: { $amount } that it paid do not come back
order-return-coupon = The coupon that paid { $amount } is yours again and can be used
order-pay-rest = Pay the rest
order-receipt = Receipt
order-receipt-title = Receipt { $number }
order-receipt-answer = { $amount } paid
order-receipt-lines = Details
order-receipt-caption = Details of the receipt
order-receipt-line = Item
order-receipt-amount = Amount
order-receipt-net = Paid
order-receipt-back = the order
order-receipt-no-invoice = This is a receipt, no invoice (fapiao). Ask the shop for an invoice.
order-receipt-item = { $what } { $amount }
order-receipt-stop = ,{" "}
order-receipt-spoken = { $shop }, { $at }. { $lines }, total { $total }. Paid by { $tenders }. Given back { $back }, paid in all { $net }.
order-goods-title = Goods of { $shop }
order-goods-answer = { $count } kinds; pay, then fetch them at the desk
order-goods-none = This shop has no goods yet.
order-goods-pieces = { $name }, { $price } a piece: how many
order-goods-buy = Go and pay
order-desk-title = { $count ->
    [0] No money to see to
   *[other] Money to see to: { $count }
}
order-desk-answer = To take { $rests }, to give back { $returns }, to hand out { $goods }
order-desk-home = the desk
order-desk-orders = money
order-desk-none = Nothing to take, to give back or to hand out.
order-desk-returns = Cash to give back
order-desk-rests = Rests to take
order-desk-goods = Goods to hand out
order-desk-open = Not paid yet
order-desk-one-title = { $what } { $state }
order-hand-over = Cash given back
order-handed-over-said = { $amount } given back in cash
order-hand-out = Handed out
order-handed-out-said = { $title } handed out
order-take-cash = Take cash
order-cash-title = Take cash for { $title } { $number }
order-cash-answer = { $amount } still to take
order-cash-amount = Cash received, yuan (required)
order-cash-hint = It may be a part; the rest by WeChat
order-cash-taken = Cash received
order-cash-said = { $amount } received in cash
order-refund-lines = Refund a part
order-refund-line = Refund
order-refund-title = Refund, at most { $amount }
order-refund-answer = { $what }; it goes back the way it came
order-refund-amount = Yuan to give back (required)
order-refund-reason = Why (required)
order-refund-seen = The customer and the centre can see why. Above 500 yuan of one order, or from your fourth refund today, somebody else has to agree.
order-refund-said = { $amount } goes back
order-refund-waits-said = { $amount } was asked back; somebody else has to agree
order-state-booked = Ordered
order-title-booked = Ordered
order-more-to-say = These goods need a few answers; please fill them in, then pay.
order-desk-payments = WeChat payments
order-desk-refunds = Refunds to approve
