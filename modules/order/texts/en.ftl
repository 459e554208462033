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
