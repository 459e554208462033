# What the desk hears. The answer (who, when) comes first.
alert-request-text = New order to confirm: { $customer }, { $when }, { $service } { $length }, { $therapist }
alert-request-speech = New order, { $customer }, { $when }, { $service } { $length }, { $therapist }, please confirm
alert-order-text = New order: { $customer }, { $when }, { $service } { $length }, { $therapist }
alert-order-speech = New order, { $customer }, { $when }, { $service } { $length }, { $therapist }
alert-people-text = { $customer } and others, { $count } people
alert-people-speech = { $customer } and others, { $count }
alert-services-text = { $customer }, { $count } services
alert-services-speech = { $customer }, { $count }
alert-limit-text = { $minutes } minutes left: { $customer }, { $when }, unanswered it will be declined
alert-limit-speech = { $minutes } left, { $customer }, { $when }, unanswered it will be declined
alert-unanswered-text = Not answered in time, declined: { $customer }, { $when }, { $therapist }
alert-unanswered-speech = Declined, { $customer }, { $when }, { $therapist }, not answered in time
alert-cancelled-text = Cancelled: { $customer }, { $when }, { $service }, { $therapist }
alert-cancelled-speech = Cancelled, { $customer }, { $when }, { $service }, { $therapist }
alert-change-text = To be moved, please answer: { $customer }, { $when }, wants { $to }, { $to_service }, { $to_therapist }
alert-change-speech = To be moved, { $customer }, { $when }, wants { $to }, { $to_service }, { $to_therapist }, please answer
alert-moved-text = Moved: { $customer }, now { $when }, { $service }, { $therapist }
alert-moved-speech = Moved, { $customer }, now { $when }, { $service }, { $therapist }
alert-stays-text = Not moved: { $customer }, still { $when }, { $service }, { $therapist }
alert-stays-speech = Not moved, { $customer }, still { $when }, { $service }, { $therapist }

# What leaves through WeChat.
alert-change-asked = Wants to move it
alert-moved-to-shop = The customer moved
alert-stays-to-shop = Not moved, it stays
alert-change-offered = Please answer us
alert-moved = Moved, { $therapist }
alert-stays = Not moved, it stays
alert-why-move-refused = not agreed to
alert-why-move-unanswered = not answered
alert-why-move-withdrawn = taken back
alert-why-agreed-by-phone = agreed on the phone
alert-offer = Kept for ten minutes, tap
alert-invitation = Tap to review, thanks
alert-why-customers-plans = customer’s plans
alert-why-unpaid = not paid in time
alert-why-therapist-away = therapist is away
alert-why-full = fully booked
alert-why-closing-early = shop closes early
alert-why-unsuitable = not suitable
alert-why-unanswered = not answered in time
alert-why-not-there = nobody came when called
alert-why-no-show = customer did not come
alert-why-other = did not take place
alert-menu-near = Shops nearby
alert-menu-bookings = My bookings
alert-menu-me = Me
alert-welcome = Welcome to Beijing’s blind-massage shops.
    Here you find shops nearby, book a therapist, pay, and look at or cancel bookings.
    <a href="{ $base }/">Shops nearby</a>
    <a href="{ $base }/bookings">My bookings</a>
    Or send us your location, and we tell you the nearest shops.
alert-reply = To find a shop and book:
    <a href="{ $base }/">Shops nearby</a>
    To look at or cancel a booking:
    <a href="{ $base }/bookings">My bookings</a>
alert-reply-bookings = To look at or cancel a booking:
    <a href="{ $base }/bookings">My bookings</a>
    To ask the shop, open the booking and tap “Call”.
alert-reply-place = The shops near you:
    <a href="{ $base }/?lat={ $lat }&lng={ $lng }">Shops nearby</a>

# The desk.
alert-changes = { $count } changes to answer
alert-pending = { $count } to confirm
alert-none-pending = Nothing to confirm
alert-next = Next { $who }
alert-in-shop = Here { $who }
alert-no-next = No more bookings today
alert-answer-by = Please answer before { $time }
alert-together = { $customer } and others, { $count } in all,
alert-confirm = Confirm
alert-decline = Decline
alert-look = Look at
alert-news-heading = News, { $count }
alert-news-none = No news today
alert-known = Got it
alert-known-said = Got it: { $text }
alert-today = Today’s bookings
alert-walk-in = Walk-in
alert-phone = Phone booking
alert-queue = Queue
alert-check-in = Check in by code
alert-orders = Money and goods
alert-state-queued = not spoken yet
alert-state-heard = spoken
alert-state-acknowledged = dealt with
alert-state-lapsed = passed
alert-decline-therapist-away = Decline, the therapist is away
alert-decline-full = Decline, fully booked
alert-decline-closing-early = Decline, closing early
alert-decline-unsuitable = Decline, not suitable
alert-confirmed = Confirmed { $whom }
alert-declined = Declined { $whom }, all money goes back
alert-extend = Answer ten minutes later:
alert-extended = Ten more minutes to answer { $whom }
