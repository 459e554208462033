# Why a time cannot be claimed, or a roster not be changed.
scheduling-time-taken = Somebody else has just booked that time. Please choose another; what you typed is still here.
scheduling-past = That time has passed or is too near to get ready for. Please choose a later one.
scheduling-closed = The shop is closed then, or the therapist does not work. Please choose another time.
scheduling-backwards = The end must come after the beginning. Please check.
scheduling-bad-time = This time could not be understood. Please write 12:00-22:00, in steps of 5 minutes, at the latest until 6 in the morning after.
scheduling-overlap = Two shifts of one day overlap. Please check.
scheduling-leave-hits-bookings = { $count ->
    [one] One booking stands
   *[other] { $count } bookings stand
} in this time. Please look at them below; if the leave is certain, tick “I know” and send it again.
scheduling-bed-name = Please give the bed a name of at most 20 characters.
scheduling-bed-name-used = There is a bed of this name already.
scheduling-bad-moment = This day or time could not be understood. Please write 2026-11-23 and 15:00.
scheduling-long-reason = Please give the reason in { $most } characters at most.
scheduling-leave-over = This leave is already over. Please check day and time.
scheduling-changed = Somebody has just changed this therapist's shifts, so nothing was saved. Please look at them as they are now and change them again.
scheduling-day-hits-bookings = { $count ->
    [one] One booking stands
   *[other] { $count } bookings stand
} outside these times. Please look at them below; if it is certain, tick “I know” and send it again.
scheduling-day-over = This day is past.
scheduling-not-own-leave = You can ask for leave only for yourself. If your account is not tied to you yet, ask the owner to set it under “Therapists”.
scheduling-leave-answered = Somebody has answered this leave already, or it was taken back.
scheduling-no-reason = Please give the reason in a few words; the therapists hear it.
scheduling-too-soon = This shop takes bookings at least { $minutes } minutes ahead. Please choose a later time.
scheduling-too-far = This shop takes bookings at most { $days } days ahead. Please choose an earlier day.
scheduling-bad-lead = Please write 0 to { $most } minutes.
scheduling-bad-days = Please write 1 to { $most } days.
scheduling-bad-bounds = These numbers do not fit: the default must not pass the bound; at most 10080 minutes and 60 days.
scheduling-no-room = No room has enough beds free then. Please choose another time, or do without one room.
scheduling-room-name = Please give the room a new name of at most 20 characters.
# People and days.
scheduling-who = { $name } (no. { $number })
scheduling-and = {", "}
scheduling-then = {"; "}
scheduling-weekday-1 = Monday
scheduling-weekday-2 = Tuesday
scheduling-weekday-3 = Wednesday
scheduling-weekday-4 = Thursday
scheduling-weekday-5 = Friday
scheduling-weekday-6 = Saturday
scheduling-weekday-7 = Sunday
scheduling-every-day = Every day
scheduling-days = { $first } to { $last }
scheduling-days-on = { $days } { $times }
scheduling-days-off = { $days } off
scheduling-no-shifts = No shifts yet, so customers cannot book.
scheduling-stretch = { $from } to { $to }
scheduling-whole-day = { $day }, all day
scheduling-whole-days = { $first } to { $last }, all day
# Everybody's week.
scheduling-home = Today
scheduling-shifts = Shifts
scheduling-shifts-title = Shifts, { $count ->
    [one] one therapist works
   *[other] { $count } therapists work
} today
scheduling-who-works = At work today: { $who }.
scheduling-nobody-works = No therapist works today.
scheduling-works = At work
scheduling-works-later = Works later today
scheduling-on-leave = On leave
scheduling-off = Not at work now
scheduling-next-free = First free hour: { $when }
scheduling-never-free = No free hour within { $days } days
scheduling-leave-line = Leave: { $when }
scheduling-shifts-of = Weekly shifts
scheduling-leave = Leave
scheduling-leave-of = Leave of { $who }
scheduling-no-therapists = The shop has no therapists registered yet.
# One therapist's week.
scheduling-week-title = Shifts of { $who }
scheduling-week-how = Write from when to when for each day, for example 12:00-22:00. Separate two times of a day by a comma; for work past midnight write 12:00-02:00; leave a day off empty. Times at which the shop is closed cannot be booked.
scheduling-week-save = Save the shifts
scheduling-week-saved = Saved the shifts of { $who }: { $week }
# Leave.
scheduling-leave-title = Leave of { $who }, { $count ->
    [one] one entry
   *[other] { $count } entries
}
scheduling-no-leave = No leave now.
scheduling-leave-new = Enter a leave
scheduling-from-day = From which day (required)
scheduling-from-time = From what time
scheduling-to-day = Until which day (required)
scheduling-to-time = Until what time
scheduling-leave-time-hint = For whole days leave the times empty: a day runs from 6 in the morning to 6 in the morning after
scheduling-reason = Reason
scheduling-hits = { $count ->
    [one] One booking stands
   *[other] { $count } bookings stand
} in this time
scheduling-hit = Booking, { $when }
scheduling-hit-count = { $count ->
    [one] One booking
   *[other] { $count } bookings
} still in it
scheduling-sure = I know of these bookings; the leave is certain and the shop will rearrange them
scheduling-leave-save = Enter the leave
scheduling-leave-granted = Entered leave of { $who }: { $when }
scheduling-leave-withdrawn = Withdrew this leave of { $who }
scheduling-withdraw = Withdraw the leave
# Beds.
scheduling-beds = Beds
scheduling-beds-title = Beds, { $count } in use
scheduling-beds-are = In use: { $names }.
scheduling-no-beds = The shop has no beds yet, so customers find no time.
scheduling-bed-new = Add a bed
scheduling-bed-label = Name of the bed (required)
scheduling-bed-hint = For example "Bed 1"
scheduling-bed-add = Add the bed
scheduling-bed-added = Added { $name }
scheduling-retire = Retire
scheduling-bed-retired = Retired { $name }{ $count ->
    [0] .
    [one] . One booking on it stays.
   *[other] . { $count } bookings on it stay.
}
# The rotation board.
scheduling-rotation = Rotation
scheduling-rotation-title = Rotation, next is { $next }
scheduling-turn = Next is { $next }.
scheduling-turns = Next is { $next }, then { $after }.
scheduling-nobody-in-turn = No therapist is at work today, so nobody is next.
scheduling-rotation-rule = When a customer names nobody, the free therapist who stands first in line serves, and then goes to the end. Being asked for by name uses up no turn; a cancelled booking gives the turn back. Who is called and does not take the turn goes to the end; whoever changes the line says why.
scheduling-line = The line
scheduling-place = No. { $place }, { $who }, { $now }
scheduling-place-times = No. { $place }, { $who }, { $now }, today { $times }
scheduling-told = The last assignments and why
scheduling-nothing-told = Nobody has been assigned yet.
scheduling-away = home visit
scheduling-given = Assigned { $when }, { $who }, { $bed }.
scheduling-why-requested = By request: the customer named the therapist; no turn used.
scheduling-why-rotation = By rotation: first in line of those free.
scheduling-released = The time was given up since.
# Single days.
scheduling-days-title = Special days of { $who }, { $count }
scheduling-days-of = Special days of { $who }
scheduling-days-none = The next two months follow the weekly shifts.
scheduling-day = Which day (required)
scheduling-day-times = Working times on that day
scheduling-day-times-hint = For example 10:00-14:00, 18:00-22:00; empty for a day off
scheduling-day-save = Save this day
scheduling-day-set = Saved for { $who }: { $day }
scheduling-day-lift = Back to the weekly shifts
scheduling-day-lifted = Back to the weekly shifts
scheduling-day-hits-count = { $count ->
    [one] One booking stands
   *[other] { $count } bookings stand
} outside these times
scheduling-day-sure = I know of these bookings; the change is certain and the shop will rearrange them
# Leave that is asked for.
scheduling-leave-ask = Ask for leave
scheduling-leave-send = Send
scheduling-leave-sent = Asked for leave: { $when }. The shop will answer
scheduling-leave-asked = Waits for the shop
scheduling-leave-refused = Not granted
scheduling-asked = { $count ->
    [one] One leave waits
   *[other] { $count } leaves wait
} for an answer
scheduling-asked-see = See the leaves asked for
scheduling-asked-none = No leave waits for an answer
# Rooms and beds at rest.
scheduling-rooms = Rooms
scheduling-room-label = Name of the room (required)
scheduling-room-hint = For example "Room for two"
scheduling-room-add = Add the room
scheduling-bed-room = In which room
scheduling-room-none = In no room
scheduling-room-save = Save the room
scheduling-room-saved = Saved
scheduling-bed-in-use = In use, no rest planned
scheduling-pause-new = Take out of use for a while
scheduling-pause-hint = For example 15:00; past midnight 25:00
scheduling-pause-save = Take out of use
scheduling-pause-line = Out of use: { $when } { $reason }
scheduling-pause-lift = Use again
scheduling-pause-lifted = In use again
scheduling-paused = Taken out of use{ $count ->
    [0] .
    [one] . One booking on it stays.
   *[other] . { $count } bookings on it stay.
}
# How soon and how far.
scheduling-window = When customers can book
scheduling-window-is = At least { $lead } ahead, at most { $days } days
scheduling-window-soon = At any time, at most { $days } days ahead
scheduling-window-within = The centre allows up to { $lead } of notice and { $days } days.
scheduling-window-lead = At least so many minutes ahead
scheduling-window-lead-hint = 0: as soon as the shop can get ready
scheduling-window-days = At most so many days ahead (today is the first)
scheduling-window-most-lead = The longest notice a shop may ask, in minutes
scheduling-window-most-days = The furthest a shop may open its book, in days
scheduling-window-save = Save
scheduling-bounds = When shops can be booked
scheduling-bounds-how = The first two are for shops that have said nothing; no shop may pass the last two.
# The record of turns.
scheduling-why-extension = Extension: the same therapist goes on; no turn used.
scheduling-why-manual = Decided by { $by }: { $reason }
scheduling-by-owner = the owner
scheduling-by-clerk = the clerk
scheduling-by-therapist = a therapist
scheduling-by-centre = the centre
scheduling-by-customer = the customer
scheduling-by-system = the program
scheduling-record = The day's record of turns
scheduling-record-title = Turns of { $day }, { $count ->
    [one] one assignment
   *[other] { $count } assignments
}
scheduling-record-counts = Rotation { $rotation }, by request { $requested }, extension { $extension }, by hand { $manual }
scheduling-record-given = { $time }, { $who }, { $bed }.
scheduling-moved-missed = { $time }, { $who } missed the turn and went to the end, noted by { $by }.
scheduling-moved-first = { $time }, { $who } was put first by { $by }.
scheduling-moved-last = { $time }, { $who } was put last by { $by }.
scheduling-day-before = The day before
scheduling-day-after = The day after
scheduling-move = Change the place
scheduling-move-title = Change the place of { $who } in the line
scheduling-move-answer = Who did it and why is kept for all to hear
scheduling-move-how = How
scheduling-step-missed = Called and did not take the turn: to the end
scheduling-step-first = To the front
scheduling-step-last = To the end
scheduling-move-why = Reason
scheduling-move-why-hint = Needed for the front and the end; a missed turn needs none
scheduling-move-save = Change the place
scheduling-done-missed = Noted: { $who } missed the turn and stands last
scheduling-done-first = { $who } now stands first
scheduling-done-last = { $who } now stands last
scheduling-leave-not-own = { $who } asks for leave in person, or the shop enters it.
