# What the desk hears. The answer (who, when) comes first.
alert-request-text = New order to confirm: { $customer }, { $when }, { $service } { $length }, { $therapist }
alert-request-speech = New order, { $customer }, { $when }, { $service } { $length }, { $therapist }, please confirm
alert-order-text = New order: { $customer }, { $when }, { $service } { $length }, { $therapist }
alert-order-speech = New order, { $customer }, { $when }, { $service } { $length }, { $therapist }
alert-limit-text = { $minutes } minutes left: { $customer }, { $when }, unanswered it will be declined
alert-limit-speech = { $minutes } left, { $customer }, { $when }, unanswered it will be declined
alert-unanswered-text = Not answered in time, declined: { $customer }, { $when }, { $therapist }
alert-unanswered-speech = Declined, { $customer }, { $when }, { $therapist }, not answered in time
alert-cancelled-text = Cancelled: { $customer }, { $when }, { $service }, { $therapist }
alert-cancelled-speech = Cancelled, { $customer }, { $when }, { $service }, { $therapist }
alert-late-text = { $more } late: { $customer }, { $when }, { $therapist }
alert-late-speech = { $customer } will be { $more } late, { $when }, { $therapist }
alert-longer-text = { $more } longer: { $customer }, { $when }, { $therapist }
alert-longer-speech = { $more } longer, { $customer }, { $when }, { $therapist }
alert-relief-text = Taken over: { $customer }, { $when }, { $therapist }
alert-relief-speech = Taken over, { $customer }, { $when }, { $therapist }
alert-overdue-text = Half an hour over: { $customer }, { $when }, { $therapist }
alert-overdue-speech = { $customer }, { $when }, { $therapist }, half an hour over, press completed when done
alert-unsafe-text = Safety key, broken off: { $customer }, { $when }, { $therapist }
alert-unsafe-speech = Attention, safety key, { $customer }, { $when }, { $therapist }, broken off
alert-dispute-text = Objection to a no-show: { $customer }, { $when }, { $therapist }
alert-dispute-speech = Objection to a no-show, { $customer }, { $when }, { $therapist }

# What leaves through WeChat.
alert-invitation = Tap to review, thanks
alert-why-customers-plans = customer’s plans
alert-why-unpaid = not paid in time
alert-why-therapist-away = therapist is away
alert-why-full = fully booked
alert-why-closing-early = shop closes early
alert-why-unsuitable = not suitable
alert-why-unanswered = not answered in time
alert-why-not-there = nobody came when called
alert-why-unsafe = therapist not safe
alert-why-customer-unwell = customer unwell
alert-why-customer-stops = customer stopped
alert-why-shop-trouble = trouble at the shop
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
alert-pending = { $count } to confirm
alert-none-pending = Nothing to confirm
alert-next = Next { $who }
alert-in-shop = Here { $who }
alert-no-next = No more bookings today
alert-answer-by = Please answer before { $time }
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
