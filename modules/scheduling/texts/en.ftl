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
scheduling-rotation-rule = When a customer names nobody, the free therapist who stands first in line serves, and then goes to the end. Being asked for by name uses up no turn; a cancelled booking gives the turn back.
scheduling-line = The line
scheduling-place = No. { $place }, { $who }, { $now }
scheduling-place-times = No. { $place }, { $who }, { $now }, today { $times }
scheduling-told = The last assignments and why
scheduling-nothing-told = Nobody has been assigned yet.
scheduling-given = Assigned { $when }, { $who }, { $bed }.
scheduling-why-requested = By request: the customer named the therapist; no turn used.
scheduling-why-rotation = By rotation: first in line of those free.
scheduling-released = The time was given up since.
