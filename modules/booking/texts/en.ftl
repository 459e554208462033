# Why a booking says no.
booking-not-now = This booking is “{ $state ->
    [held] waiting for payment
    [requested] waiting for the shop
    [confirmed] confirmed
    [checked_in] checked in
    [departed] on the way
    [arrived] arrived
    [in_service] in service
    [completed] completed
    [expired] expired
    [declined] declined
    [cancelled] cancelled
    [aborted] broken off
   *[no_show] a no-show
}” now, so this cannot be done.
booking-changed = This booking has just changed, so nothing was done. Please look at it again first.
booking-too-early = Check-in opens { $minutes } minutes before the start. Please come back a little later.
booking-not-late-yet = A customer is a no-show only { $minutes } minutes after the start.
booking-begun = The start has passed, so it cannot be cancelled here. Please ring the shop.
booking-not-offered = This service cannot be booked now, or this therapist does not offer it. Please choose another.
booking-too-many-held = You have { $most } bookings waiting for payment. Please pay or cancel one first.
booking-no-time = Please choose a time.
booking-bad-name = Please say how to address you, such as “Ms Zhang”, in at most { $most } characters.
booking-bad-phone = A mobile number has 11 digits. Please check it.
booking-long-note = Please keep the note within { $most } characters.
booking-not-declared = Please read the health notice and tick the box if none of it applies to you, then go on to pay.
booking-no-more-time = No more time can be taken: the customer must know soon. Please confirm or decline.
booking-no-reason = Please choose a reason.
booking-unknown-code = No booking has this code. Please ask for the six digits again.
booking-code-used = This code has been used: { $name } is checked in already.
# Where a booking stands.
booking-state-held = Waiting for payment
booking-state-requested = Waiting for the shop
booking-state-confirmed = Confirmed
booking-state-checked-in = Checked in
booking-state-in-service = In service
booking-state-completed = Completed
booking-state-expired = Expired
booking-state-declined = Declined
booking-state-cancelled = Cancelled
booking-state-no-show = No-show
# The same in one sentence, for the customer.
booking-sentence-held = Please pay in time; the time is kept for you: { $when }, { $who }.
booking-sentence-requested = The shop will answer by { $until }. { $when }, { $who }.
booking-sentence-confirmed = Confirmed. { $who } expects you { $when }.
booking-sentence-checked-in = You are checked in. { $who } will be with you shortly.
booking-sentence-in-service = In service with { $who }.
booking-sentence-completed = Completed. We would be glad of a review.
booking-sentence-expired = It was not paid in time, so the time has been released.
booking-sentence-declined = The shop cannot take you this time: { $why }. You get all your money back.
booking-sentence-cancelled = Cancelled: { $why }.
booking-sentence-no-show = Recorded as a no-show. If that is wrong, you can object.
# Reasons.
booking-why-customers-plans = the customer’s plans changed
booking-why-unpaid = it was not paid in time
booking-why-therapist-away = the therapist is away
booking-why-full = the shop is full
booking-why-closing-early = the shop closes early
booking-why-unsuitable = the service does not suit
booking-why-unanswered = the shop did not answer in time
# What happened.
booking-step-hold = the customer asked
booking-step-submit = paid, the shop was asked
booking-step-confirm = confirmed
booking-step-extend = the shop took ten more minutes
booking-step-decline = declined
booking-step-cancel = cancelled
booking-step-check-in = checked in
booking-step-start = service started
booking-step-complete = service completed
booking-step-no-show = no-show
booking-step-expire = not paid in time, expired
booking-step-revive = paid late, the time was still free, revived
# Choosing.
booking-choose-service = Choose a service
booking-services-answer = { $count } services can be booked
booking-no-services = No service can be booked here now
booking-choose-who = Choose a therapist
booking-who-answer = { $service }, { $count } therapists to choose from
booking-any = Anyone, whoever is next in turn
booking-anyone = whoever is next
booking-numbered = { $who }, number { $number }
booking-earliest = Earliest { $when }
booking-nothing-free = Nothing is free within fourteen days. Please try another therapist or service.
booking-choose-when = Choose a time
booking-choose-day = Choose a day
booking-choose-time = Choose a time (required)
booking-free-sentence = { $day }: { $count } times, the earliest at { $earliest }
booking-free-sentence-with = { $day }, { $who }: { $count } times, the earliest at { $earliest }
booking-day-closed = Closed
booking-day-full = Full
booking-day-free = { $count } times
booking-time-free = { $time }, { $who }, free
booking-therapists-free = { $count ->
    [one] { $count } therapist
   *[other] { $count } therapists
}
booking-part-morning = Morning
booking-part-afternoon = Afternoon
booking-part-evening = Evening
booking-part-night = After midnight
booking-next = Next: your details
# Details.
booking-details-title = Your details
booking-details-answer = { $when }, { $who }, { $price }
booking-go-to-pay = Pay { $price }
booking-service = Service
booking-minutes = Length
booking-who = Therapist
booking-where = Where
booking-way = How to get there
booking-when = When
booking-price = Price
booking-contact = Contact
booking-name = Name (required)
booking-name-hint = How the therapist addresses you, such as Ms Zhang
booking-phone = Mobile number (required)
booking-strength = Strength
booking-strength-light = Light
booking-strength-medium = Medium
booking-strength-firm = Firm
booking-note = Note
booking-health-text = Health notice: massage is not suitable with a fever, an unhealed fracture, open wounds or a contagious skin condition, serious heart disease, a tendency to bleed, after drinking alcohol, or during pregnancy. If unsure, ask your doctor first, or ring the shop. We do not record which condition anybody has.
booking-health = I have read the health notice and none of it applies to me (required)
booking-other-times = That time has gone. Please choose another (required)
# The customer's own.
booking-own-title = My bookings
booking-next-answer = Next: { $when }, { $service }, { $shop }
booking-none-coming = You have no open bookings
booking-none = No bookings yet
booking-find-shop = Find a shop nearby
booking-coming = Open
booking-past = Past
booking-title = { $when } { $service }
booking-this = this booking
booking-code = Arrival code
booking-code-hint = On arrival tell the therapist these six digits, or show the QR code.
booking-qr = QR code for arrival; it holds the six digits above
booking-other-times-short = These times are free
booking-served-by = { $who }{ $reason ->
    [requested] { " (asked for)" }
    [manual] { " (chosen by the shop)" }
    [extension] { " (extended)" }
   *[rotation] { " (next in turn)" }
}
booking-dial = Call
booking-cancel = Cancel booking
booking-call-off = Cancel
booking-again = Book again
booking-review = Write a review
booking-receipt = See the order
booking-cancel-title = Cancel booking
booking-cancel-unpaid = It is not paid yet; cancelling costs nothing.
booking-cancel-free = If you cancel now you get all of { $back } back.
booking-cancel-costs = If you cancel now you get { $back } back; the shop keeps { $kept }.
booking-cancelled-said = Your cancellation is being carried out; what is due to you goes back the way it was paid
# The desk.
booking-desk-title = { $day }: { $count } bookings
booking-desk-waiting-title = { $count } waiting for an answer
booking-desk-next = Next: { $what }
booking-desk-nobody-next = Nobody is waiting
booking-desk-home = Today
booking-desk-bookings = Bookings
booking-desk-none = No bookings on this day
booking-desk-over = Over
booking-waiting = Waiting for an answer
booking-day-before = The day before
booking-day-after = The day after
booking-spoken = { $time } { $customer } { $service } { $duration } { $who }
booking-answer-by = Please answer by { $until }; after that it is declined and refunded by itself.
booking-bed = Bed
booking-strength-short = Strength
booking-note-short = Note
booking-no-note = No note
booking-phone-short = Phone
booking-history = What happened
booking-confirm = Confirm
booking-decline = Decline
booking-extend = Ten more minutes
booking-check-in = Check in
booking-start = Start service
booking-complete = Service completed
booking-absent = No-show
booking-absent-answer = The customer did not come. Whether to keep the fee is for you to say.
booking-fee = Fee
booking-keep-fee = Keep { $fee } as agreed, give back the rest
booking-waive-fee = Give everything back
booking-all-back = The customer gets everything back: { $amount }
booking-reason = Reason (required)
booking-enter-code = Enter an arrival code
booking-enter-code-answer = Please enter the customer’s six digits
booking-six-digits = Arrival code, six digits (required)
# Leave over bookings.
booking-undecided = { $count ->
    [one] One booking is
   *[other] { $count } bookings are
} not decided on yet. Please choose for each, then send again.
booking-requested = This customer asked for the therapist; somebody else needs the customer's consent first.
booking-step-reassign = Given to another therapist
booking-leave-title = { $who } asks for leave, { $from } to { $to }
booking-leave-answered = This has been answered already
booking-leave-free = No booking in this time
booking-leave-hits = { $count ->
    [one] One booking needs a decision
   *[other] { $count } bookings need a decision
}
booking-leave-back = Leave asked for
booking-leave-keep = The therapist serves it; no leave in this part
booking-leave-swap = { $who } serves it at the same time
booking-leave-cancel = Called off by the shop, { $amount } goes back
booking-leave-asked-for = The customer asked for this therapist and must be asked before anybody else serves
booking-leave-approve = Grant the leave
booking-leave-approved = { $count ->
    [0] All bookings are kept; no leave was granted
    [1] The leave is granted
   *[other] The leave is granted in { $count } parts, around the bookings that are kept
}
booking-leave-refuse = Say no
booking-leave-answer = Your answer to the therapist (required)
booking-leave-refused = Answered: no
# Paid in part, and what was answered.
booking-book = Book, pay at the shop
booking-due-now = To pay now
booking-due-later = To pay at the shop
booking-order = Order and money
# What the desk enters itself.
booking-nobody-free = No therapist or bed is free now. Take a later time, or a number in the line.
booking-not-all-free = { $fit ->
    [0] Nobody can be served then; nothing was booked.
   *[other] Not all { $count } can be served then, { $fit } at the most. Nothing was booked.
}
booking-not-asked = Ask about health first, then tick the box.
booking-bad-clock = Say at what time, such as 15:30.
booking-no-choice = Choose a service and a therapist.
booking-ticket-not-now = { $ticket } is { $state ->
    [waiting] waiting
    [called] called
    [served] here already
    [skipped] passed over
   *[left] gone
}: that cannot be done now.
booking-ticket-changed = { $ticket } has just changed; nothing was done. Look at it again first.
booking-why-not-there = nobody came when called
booking-step-enter = Entered by the desk
booking-walk-in = Walk-in
booking-walk-in-name = Walk-in
booking-walk-in-whom = Name
booking-walk-in-phone = Mobile number
booking-walk-in-free = { $count ->
    [one] 1 therapist is free
   *[other] { $count } therapists are free
}
booking-walk-in-later = Nobody free; earliest { $when }
booking-walk-in-none = Nobody free today or tomorrow
booking-walk-in-now = Enter, begin now
booking-walk-in-at = Book { $when }
booking-what = Service and therapist (required)
booking-asked-health = Asked about health, fit for massage (required)
booking-asked-health-hint = Ask: fever, wounds, heart disease, pregnant, alcohol? What they have is not recorded.
booking-remember = The customer agrees that the shop remembers name and number
booking-forget = Forget
booking-forgotten-said = Name and number are forgotten; ask again next time
booking-no-phone = No number given
booking-nothing-paid = Nothing was paid, so nothing goes back
booking-phone-title = Phone booking
booking-phone-answer = Four fields; paid at the shop
booking-phone-other = That time is gone; nearest { $when }
booking-phone-name = Name (required)
booking-phone-name-hint = May stay empty when the shop remembers the number
booking-phone-day = Day
booking-phone-clock = Time (required)
booking-phone-clock-hint = 24 hours, such as 15:30 or 1530
booking-phone-others = Times that are free
booking-phone-book = Book, pay at the shop
booking-party-counter = Several come together: enter them
booking-party-phone = Several come together: by telephone
booking-party-title = { $way }: { $people }
booking-party-how-many = First, how many
booking-party-answer = Number, what each has, and when; paid at the shop
booking-party-free = All can begin now
booking-party-later = Only { $fit } can begin now; all together { $when } at the earliest
booking-party-none = { $fit } can begin now; today and tomorrow there is no time for all
booking-party-what = { $who }: service and therapist
booking-party-name = { $who }: name
booking-party-companion = With { $name }, { $number }
booking-party-tickets = A number for each
booking-party-said = { $name }, { $count } people
booking-party-said-in-turn = { $name }, { $count } services
booking-party-tickets-said = { $first } to { $last }, in the line, { $name }
# The line.
booking-queue = Queue
booking-queue-title = { $count ->
    [one] 1 person waiting
   *[other] { $count } people waiting
}
booking-queue-waiting = { $count ->
    [one] 1 person is waiting; should they come first?
   *[other] { $count } people are waiting; should they come first?
}
booking-queue-next = Next { $who }
booking-queue-nobody = Nobody is waiting
booking-queue-empty = No number has been taken yet
booking-tickets-called = Called, expected
booking-tickets-waiting = Waiting
booking-tickets-skipped = Passed over
booking-take-ticket = Take a number
booking-ticket-taken-said = { $ticket } { $name }, number taken
booking-ticket-called-said = { $ticket }, please: { $who }, { $bed }
booking-ticket-about = about { $when }
booking-ticket-call = Call
booking-ticket-here = Here, check in
booking-ticket-skip = Pass over
booking-ticket-leave = Customer left
booking-ticket-booking = See the booking
booking-ticket-code = The customer's page
booking-ticket-code-hint = Scanned, it tells the customer how many wait before.
booking-ticket-qr = QR code of { $ticket }
booking-ticket-page = Open
booking-ticket-state-waiting = waiting
booking-ticket-state-called = called
booking-ticket-state-served = here
booking-ticket-state-skipped = passed over
booking-ticket-state-left = gone
booking-ticket-step-take = Number taken
booking-ticket-step-call = Called
booking-ticket-step-serve = Came
booking-ticket-step-skip = Passed over
booking-ticket-step-leave = Gone
booking-ticket-title = { $ticket } { $state }
booking-ticket-number = Number
booking-ticket-wait = { $before } before you, about { $minutes } min
booking-ticket-wait-unknown = { $before } before you; today may be too late
booking-ticket-sentence-waiting = Please wait
booking-ticket-sentence-called = It is your turn: please come to the desk
booking-ticket-sentence-served = You are in the shop, thank you
booking-ticket-sentence-skipped = You were called; please speak to the desk
booking-ticket-sentence-left = This number is no longer used
booking-ticket-again = Look again
booking-ticket-go = Give it up
# The end of a visit and what may go wrong there.
booking-state-aborted = Broken off
booking-sentence-aborted = The service was broken off: { $why }.
booking-why-unsafe = The therapist was not safe
booking-why-customer-unwell = The customer felt unwell
booking-why-customer-stops = The customer did not want to go on
booking-why-shop-trouble = Something went wrong at the shop
booking-step-late = The customer said they will be late
booking-step-lengthen = Extended
booking-step-hand-over = Another therapist took over
booking-step-reopen = Completed by mistake, opened again
booking-step-abort = Broken off
booking-step-fee = Fee decided
booking-step-dispute = The customer objected
booking-step-rule = The centre decided
booking-next-comes = { $name } is booked { $time }: { $minutes } minutes more are possible at most.
booking-leave-comes = The therapist is on leave from { $time }: { $minutes } minutes more are possible at most.
booking-closing-comes = The shop closes at { $time }: { $minutes } minutes more are possible at most.
booking-no-room-after = Something else comes then: { $minutes } minutes more are possible at most.
booking-no-extra = Choose what to add.
booking-nobody-chosen = Choose who takes over.
booking-no-words = Say why.
booking-long-words = { $most } characters at most.
booking-long-over = It was completed more than { $minutes } minutes ago and cannot be opened again.
booking-reviewed = The customer has reviewed it; it cannot be opened again.
booking-too-much = { $most } at most. Change the amount.
booking-no-fee = Choose what happens to the fee.
booking-no-ruling = Choose what goes back.
booking-no-amount = Type an amount, such as 20 or 20.50.
booking-no-dispute = The time to object is over, or it has been decided.
booking-no-case = There is nothing to decide, or it has been decided.
booking-one-of-several = This is one of several booked together: all of it or nothing, not a part and not later.
booking-not-late = You can say so from two hours before the start until a quarter of an hour after.
booking-no-minutes = Choose how late.
booking-lengthen = Extend
booking-extension-line = { $minutes } more
booking-extra = What to add (required)
booking-extra-leave = Then the therapist is on leave, from { $time }.
booking-extra-closing = Then the shop is closed, from { $time }.
booking-extra-room = { $minutes } minutes more are possible
booking-extra-full = Nothing is free after it
booking-extra-next = { $who } comes then.
booking-extra-none = Nothing fits
booking-extra-paid-later = It is put on the order and paid after the service.
booking-lengthened-said = { $what }, { $who }
booking-hand-over = Change the therapist now
booking-hand-over-answer = { $who } serves; { $count } can take over
booking-hand-over-nobody = Nobody can take over now
booking-hand-over-none = Everybody who does this is busy
booking-hand-over-to = Who takes over (required)
booking-hand-over-hint = Ask the customer first. The minutes are counted for both therapists.
booking-handed-over-said = Taken over, { $who }
booking-words-why = Why (required)
booking-reopen = Completed by mistake, open again
booking-reopen-answer = Service and order go on
booking-reopen-hint = Who did it, when and why is recorded.
booking-reopened-said = Opened again, { $who }
booking-abort = Break off
booking-abort-answer = The reason decides the money
booking-abort-cost = The customer pays { $amount }
booking-abort-words = Anything else
booking-safety = Safety key: stop at once
booking-decide-fee = Decide the fee
booking-part-fee = Keep a part
booking-later-fee = Decide later
booking-part-amount = How much, in yuan
booking-part-hint = Only for a part; { $most } at most
booking-no-fee-due = There is nothing to keep; all goes back.
booking-cases-title = { $count } to decide
booking-cases-open = To decide: { $count }
booking-cases-none = Nothing to decide
booking-cases-empty = No open fee and no objection
booking-case-absence = Did not come
booking-case-unsafe = Not safe, broken off
booking-case-undecided = The shop has not decided
booking-case-decided = The shop has decided
booking-case-referred = The centre decides
booking-case-closed = Decided by the centre
booking-late = I will be late
booking-late-answer = Tell the shop how late
booking-late-known = The shop knows: { $minutes } minutes
booking-late-not-now = It is not the hour to say so
booking-late-minutes = How late (required)
booking-late-choice = { $minutes } minutes, here { $at }
booking-late-send = Tell the shop
booking-late-said = The shop knows that you will be { $minutes } minutes late
booking-late-short = Late by
booking-extensions = Extended
booking-shares = Served by
booking-dispute = Object
booking-dispute-answer = Say what happened
booking-dispute-over = It is too late or decided
booking-dispute-hint = You can object for { $hours } hours. The shop and the centre read what you write.
booking-dispute-words = What happened (required)
booking-dispute-send = Send to the centre
booking-dispute-said = Sent; the centre will decide
booking-own-undecided = The shop may keep { $kept } at most and has not decided.
booking-own-decided = The shop keeps { $kept }. You can object.
booking-own-referred = You have objected; the centre decides.
booking-own-closed = The centre has decided: the shop keeps { $kept }.
booking-own-ruling = The centre says: { $words }
booking-console = Console
booking-centre = To decide
booking-centre-title = { $count } to decide
booking-centre-none = Nothing to decide
booking-centre-empty = No objection and nobody in danger
booking-centre-unsafe = The safety key was pressed
booking-centre-kept = { $amount } kept, customer objects
booking-centre-undecided = Up to { $amount }, not decided
booking-ruling = What goes back (required)
booking-ruling-nothing = Nothing: the shop was right
booking-ruling-all = All of it, { $amount }
booking-ruling-part = A part
booking-ruling-amount = How much goes back, in yuan
booking-ruling-words = Why (required)
booking-ruling-hint = The customer and the shop read it.
booking-ruling-send = Decide
booking-ruling-said = Decided, { $who }
# Changes.
booking-late-to-move = Less than { $minutes } minutes are left: please call the shop to move it.
booking-change-open = Another change waits for an answer; please see to it first.
booking-no-change = No change waits for an answer; the booking is as it was.
booking-no-therapist = Please choose a therapist.
booking-no-consent = Please say whether the customer has agreed.
booking-why-move-refused = the other side did not agree
booking-why-move-unanswered = not answered in time
booking-why-move-withdrawn = taken back
booking-why-agreed-by-phone = the customer agreed in person or by telephone
booking-step-propose-move = Change proposed, waiting for the other side
booking-step-drop-move = Not changed
booking-step-move = Changed
booking-move = Move
booking-move-title = Move { $what }
booking-move-next = Next: see what it becomes
booking-move-therapist = Another therapist
booking-move-service = Another service
booking-move-address = Another address
booking-move-address-title = Another address, { $what }
booking-move-address-answer = First the new address, then times and fare
booking-move-address-told = As the customer says it, then times and fare
booking-move-address-next = Next, choose a time
booking-move-address-new = District of the new address
booking-move-new-door = new address in { $district }, { $distance } from the shop
booking-move-confirm = Confirm the move
booking-move-to = Move to { $to }
booking-move-at-once = It is moved at once, and your old time is free for others.
booking-move-asks = The shop answers first. Until then your old time is kept for you.
booking-move-before = Before
booking-move-after = After
booking-move-send = Move
booking-move-asked-said = The shop was asked; your old time is kept until it answers
booking-moved-said = Moved: { $when }
booking-moved-there-said = Moved to the new address: { $when }
booking-stays-said = Not moved, still { $when }
booking-change-dearer = It costs { $amount } more, to be paid at the shop or with the order.
booking-change-dearer-home = It costs { $amount } more, to be paid at the visit or with the order.
booking-change-cheaper = It costs { $amount } less; what was paid too much goes back.
booking-change-offered-title = The shop wants to move your booking
booking-change-asked-title = The shop is asked
booking-change-offered = The shop proposes { $to }; please answer
booking-change-asked = You asked for { $to }; the shop will answer
booking-change-look = See the change
booking-change-agree = Agree
booking-change-refuse = Do not move
booking-change-withdraw = Take it back
booking-change-agreed-by-phone = The customer agreed: move
booking-change-until = To be answered by { $until }; after that the booking stays as it is.
booking-change-note-said = The shop says: { $note }
booking-change-none = No change
booking-change-none-answer = No change waits for an answer
booking-change-note = A word to the customer, at most 60 characters
booking-change-to-answer = wants to be moved
booking-change-waits = waits for the customer
booking-changes-title = { $count } changes to answer
booking-changes-first = { $who }, wants { $to }
booking-changes-none = No change to answer
booking-changes-asked = Customers ask
booking-changes-offered = Waiting for the customer
booking-agreed-yes = The customer agrees, change it
booking-agreed-no = Ask the customer first
booking-desk-moved = Moved, { $what }
booking-desk-moved-there = Address changed, { $what }
booking-desk-offered = The customer is asked, { $what }
booking-desk-stays = Not moved, { $what }
booking-desk-change-asked = The customer asks for { $to }
booking-desk-change-offered = Waiting for the customer: { $to }
booking-swap = Swap therapist
booking-swap-who = Which therapist instead? (required)
booking-swap-answer = { $count } other therapists are free then
booking-swap-nobody = No other therapist is free then
booking-leave-drop = Do not move it, it stays as it is
booking-leave-change = A change is under way: { $to }
# The waitlist.
booking-bad-span = That span does not work: it must end after it begins, and not be over yet. Please choose again.
booking-not-full = There is time then: you can book it at once.
booking-too-many-waiting = You are waiting for { $most } things already. Please leave one of them first.
booking-offer-over = That time is not kept for you any more; it went to the next in line. You can wait again or choose another time.
booking-wait-instead = No time that suits? Wait for { $day }
booking-wait-title = Join the waitlist
booking-wait-answer = { $service }, { $who }: we tell you when there is time
booking-wait-how = When somebody cancels we send a WeChat message, first come first served, and keep the time for you for 10 minutes. Between 9 in the evening and 8 in the morning only about times within 12 hours.
booking-wait-day = Which day (required)
booking-wait-from = Not before (required)
booking-wait-to = Starting before (required)
booking-wait-join = Join the waitlist
booking-wait-joined = You are on the waitlist; we send a WeChat message when there is time
booking-wait-own = My waitlist
booking-wait-list-answer = { $count ->
    [one] You wait for one thing
   *[other] You wait for { $count } things
}
booking-wait-none = You are on no waitlist
booking-wait-live = Waiting
booking-wait-span = { $from } to { $to }
booking-wait-entry-title = { $state }: { $service }
booking-wait-book = Book this time
booking-wait-withdraw = Leave the waitlist
booking-wait-withdrawn = You have left the waitlist
booking-wait-state-waiting = Waiting
booking-wait-state-offered = There is time
booking-wait-state-taken = Booked
booking-wait-state-lapsed = Went to the next in line
booking-wait-state-withdrawn = Left
booking-wait-state-over = Nothing came free
booking-wait-sentence-waiting = Waiting: { $span }, { $who }.
booking-wait-sentence-offered = There is time { $when }, { $who }; kept for you until { $until }.
booking-wait-sentence-taken = Booked: { $when }, { $who }.
booking-wait-sentence-lapsed = { $when } went to the next in line.
booking-wait-sentence-withdrawn = You have left the waitlist: { $span }.
booking-wait-sentence-over = Nothing came free: { $span }.
booking-wait-desk = Waitlist
booking-wait-desk-title = { $count } waiting today
booking-wait-desk-answer = { $count } today, { $later } later
booking-wait-desk-none = Nobody waits today
booking-wait-desk-offered = a time is kept, the customer is to answer
booking-wait-today = Today
booking-wait-later = Later
booking-wait-somebody = Customer
# Several in one visit.
booking-not-several = Between 2 and { $most } can be booked together. Please choose a service for each.
booking-together-door = Several people, or several services
booking-together-add = Add a person or a service
booking-together-title = Book together
booking-together-answer = Booked at once, paid together
booking-together-how-many = How many? (required)
booking-together-people = { $count } people at the same time
booking-together-in-turn = One person, one service after another
booking-together-next-who = Next: services and therapists
booking-together-next-when = Next: choose a time
booking-together-who-answer = Choose a service and a therapist for each
booking-together-nth-person = Person { $number }
booking-together-nth-service = Service { $number }
booking-together-service = { $who }: service (required)
booking-together-therapist = { $who }: therapist
booking-together-no-more = No more
booking-together-room = In one room
booking-together-nothing-free = There is no time for all of you; try fewer people or other therapists
booking-together-all-free = all { $count } free
booking-together-details-answer = { $when }, { $count } bookings, { $price }
booking-together-name = Name of person { $number } (required)
booking-together-health = All of us have read this and none of it applies (required)
booking-together-others = Others of the same order
booking-together-cancel-all = Nothing is paid yet: all { $count } of the order are let go together.
booking-together-cancel-one = Only { $who }’s booking is cancelled; the other { $count } stand.
booking-together-answered = { $count } of one order, answered together
booking-together-of = { $count } of one order
# Home visits.
booking-fare = Home visit fare
booking-not-at-home = The shop does not do this at home, or this therapist does not go. Please choose another, or come to the shop.
booking-outside-area = This is outside the area that the shop goes to. Please choose a nearer shop, or come to the shop.
booking-no-place = Please press “Use my position now”, or give the nearest subway station, such as “国贸”.
booking-no-district = Please choose the district.
booking-no-station = Please give the nearest subway station, such as “国贸”.
booking-bad-street = Please give street, compound and building in at most { $most } characters.
booking-bad-house = Please give unit and door number in at most { $most } characters.
booking-not-called = After arriving, ring the customer { $needed } times and log it; { $calls } calls are logged.
booking-not-time-to-go = You can set out from { $minutes } minutes before the start. Please press again a little later.
booking-bad-radius = Please give a whole number of kilometres from 1 to { $most }.
booking-bad-fare = Please give a fare from 0 to { $most } yuan, and whole kilometres.
booking-bad-pace = Please give 1 to 30 minutes a kilometre, and 0 to 180 minutes at least.
booking-no-area = Please give a radius, or choose at least one district.
booking-no-home-service = Please choose at least one service that is done at home.
booking-nobody-goes = Please choose at least one therapist who goes.
booking-state-departed = On the way
booking-state-arrived = Arrived
booking-sentence-departed = { $who } is on the way. Please mind telephone and door bell.
booking-sentence-arrived = { $who } has arrived. Please open the door.
booking-sentence-confirmed-home = Confirmed. { $who } comes to you { $when }.
booking-sentence-no-show-home = Recorded that nobody opened. If that is wrong, you can object.
booking-step-depart = the therapist set out
booking-step-arrive = the therapist arrived
booking-step-call = the customer was rung and did not answer
booking-at-home = At your home
booking-at-home-line = The therapist comes to you; the fare depends on the distance
booking-home-title = At your home: address
booking-home-answer = First the address, then times and fare
booking-home-privacy = Until the therapist sets out the shop sees only your district and the distance; the address after that. It is deleted 30 days after the visit.
booking-home-use-position = Use my position now
booking-home-use-address = Use my address in WeChat
booking-home-position-taken = Your position is noted
booking-home-station = Nearest subway station
booking-home-station-needed = Required, such as 国贸
booking-home-station-hint = Required without a position, such as 国贸
booking-home-district = District (required)
booking-home-choose = Please choose
booking-home-street = Street, compound and building (required)
booking-home-house = Unit and door number (required)
booking-home-next = Next: choose who
booking-home-shop-instead = Come to the shop instead
booking-home-trip = To { $district }, { $distance } from the shop, fare { $fare }
booking-home-way = Way
booking-home-way-line = { $distance } from the shop, about { $travel } one way
booking-home-address = Address
booking-home-address-later = shown once on the way
booking-home-address-gone = not shown any more
booking-home-district-short = District
booking-total = Total
booking-depart = Set out
booking-arrive = Arrived
booking-call = Log a call without answer
booking-calls = { $count } calls without answer since arriving. With { $needed }, and after 15 minutes, the customer counts as absent.
booking-home-settings = Home visits
booking-home-off = No home visits now
booking-home-off-said = Saved: no home visits now
booking-home-is = Home visits: { $area }, fare from { $base }
booking-home-is-said = Saved: { $area }, fare from { $base }
booking-home-circle = within { $km } km
booking-home-on = Accept home visits
booking-home-radius = Radius in kilometres
booking-home-radius-hint = From the shop, as the crow flies; empty where only districts count
booking-home-districts = Only these districts
booking-home-districts-hint = None chosen means any district
booking-home-base = Fare to begin with, in yuan (required)
booking-home-base-km = Kilometres in it (required)
booking-home-per-km = Each further kilometre, in yuan (required)
booking-home-pace = Minutes a kilometre takes (required)
booking-home-pace-hint = The way is kept free for the therapist before and after
booking-home-least = Minutes one way at least (required)
booking-home-services = Done at home
booking-home-therapists = Who goes
booking-home-save = Save home visits
booking-home-shops = Shops with home visits
booking-home-shops-count = { $count } shops do home visits
booking-home-shops-none = No shop does home visits
# The shop closes suddenly.
booking-closing = Close suddenly
booking-closings = Closings
booking-closing-title = Closing entered
booking-closing-lifted = Closing lifted
booking-closing-none = The shop is not closed
booking-closing-planned = A closing is entered
booking-closing-until = Closed until { $until }
booking-closing-how = Until when (required)
booking-closing-today = Until the end of today
booking-closing-moment = Today until the time below
booking-closing-days = On the days below
booking-closing-clock = Open again today at
booking-closing-first = First day
booking-closing-last = Last day
booking-closing-reason = Reason (required)
booking-closing-reason-hint = Customers hear it on the shop's page, such as: no electricity
booking-closing-look = See what it concerns
booking-closing-now = Now
booking-closing-span = { $from } to { $until }, { $reason }
booking-closing-lift = Open again
booking-closing-lift-means = Once open again the time can be booked; what was called off stays so.
booking-closing-opened = Open again; it can be booked
booking-closing-asks = { $count ->
    [0] No booking is called off
   *[other] { $count } bookings called off, { $amount } back
}
booking-closing-confirm = Close the shop
booking-closing-ends = Called off
booking-closing-ended = Called off
booking-closing-held = { $count } unpaid bookings are let go as well.
booking-closing-stays = Under way, left alone
booking-closing-closed = The shop is closed
booking-closing-done = { $count ->
    [0] No booking was called off
   *[other] { $count } bookings called off, { $amount } back
}
booking-closing-told = { $count } customers are told, one message each; refunds leave in batches within minutes.
booking-closing-changed = Something changed: now { $count } bookings are called off and { $amount } goes back. Please confirm again.
booking-no-closing = Choose until when the shop closes.
booking-why-shop-closed = the shop is closed
# A shop leaves.
booking-leaving-title = { $shop } leaves the platform
booking-leaving-member = This shop is a member
booking-leaving-owes = It has left; something is still open
booking-leaving-settled = It has left; all is settled
booking-leaving-open = Still open: { $bookings } bookings, { $orders } sums of money, { $cases } cases.
booking-leaving-means = Customers no longer find or book it. What is booked up to its last day is served; what is later is called off by the shop with all its money. Its staff can still sign in, read, refund and settle.
booking-leaving-last = Last day of service
booking-leaving-last-hint = Empty: nothing is served from now on
booking-leaving-reason = Reason to leave (required)
booking-leaving-confirm = End the membership
booking-leaving-served = It serves until { $until }.
booking-leaving-done = It has left: { $count } bookings called off, { $amount } back
booking-leaving-back = Member again
booking-leaving-back-means = Customers find and book it again; what was called off stays so.
# A customer deletes the account.
booking-gone-customer = Deleted account
booking-deletion = Delete my account
booking-deletion-back = Me
booking-deletion-free = It can be deleted, for good
booking-deletion-first = Something is to be settled first
booking-deletion-forgets = Name, phone, addresses, notes, health declarations and the link to WeChat are deleted everywhere.
booking-deletion-keeps = Orders and books stay as the law wants, without saying who; reviews stay, signed by a deleted account.
booking-deletion-again = If you come again you are a new customer.
booking-deletion-sure = I understand; delete it (required)
booking-deletion-confirm = Delete my account
booking-deletion-done = The account is deleted, and what you told us with it
booking-deletion-orders = My orders
booking-deletion-bookings = { $count } bookings are not over: call them off, or wait until they are served.
booking-deletion-open-orders = { $count } orders are not settled: fetch, pay or call them off first.
booking-deletion-owed = You still owe { $amount }; please pay it first.
booking-deletion-coming = { $amount } is on its way back to you; delete the account when it has arrived.
booking-deletion-cases = { $count } objections are not decided yet.
booking-not-settled = Something is to be settled first; see below.
booking-not-sure = Tick that the account is to be deleted.
