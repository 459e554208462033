# Why something about a therapist is refused.
therapist-changed = Somebody else has just changed this therapist’s entry. Please look at it as it is now, then change it again.
therapist-bad-name = Please give a name of 2 to 20 characters.
therapist-bad-number = The work number is a whole number from 1 to 9999.
therapist-number-used = Somebody at the shop has this work number already. Please choose another.
therapist-too-long = The text is too long: at most { $most } characters. Please shorten it.
therapist-bad-portrait = There is no such portrait. Please choose another.
therapist-bad-gender = Please choose a gender.
therapist-bad-level = Please choose a grade.
therapist-bad-service = One of the services is not this shop’s. Please choose again.
therapist-no-service = Please choose at least one service, or “All services”.
# Grades and genders.
therapist-level-junior = Junior
therapist-level-intermediate = Intermediate
therapist-level-senior = Senior
therapist-level-technician = Technician
therapist-level-senior-technician = Senior technician
therapist-gender-female = Female
therapist-gender-male = Male
# The therapists of a shop.
therapist-title = Therapists of { $shop }: { $count } working
therapist-answer = { $active } working here, { $left } left
therapist-none = No therapists yet
therapist-shop = Shop
therapist-list = Therapists
therapist-active = Working
therapist-left = Left
therapist-line = No. { $number } · { $gender } · { $level }
therapist-offers-all = Offers all services
therapist-offers-some = { $count ->
    [one] Offers { $count } service: { $names }
   *[other] Offers { $count } services: { $names }
}
therapist-blind-since = Agreed on { $date } that “blind therapist” is shown
therapist-blind-not = Has not agreed that “blind therapist” is shown
therapist-add = Add a therapist
therapist-choose-services = Choose services
therapist-take-back = Take back consent
therapist-let-go = Record as left
therapist-welcome-back = Record as working again
therapist-said-left = { $name } has left and takes no new bookings; please rearrange what is booked
therapist-said-back = { $name } works here again
therapist-said-taken-back = Taken back: customers no longer read that { $name } is a blind therapist
# One therapist.
therapist-new-title = Add a therapist
therapist-new-answer = Offers all services at first; can be booked once there are shifts
therapist-edit-title = Change the entry of { $name }
therapist-edit-answer = No. { $number }, { $state }
therapist-name = Name (required)
therapist-number = Work number (required)
therapist-number-hint = 1 to 9999, one for each person of the shop
therapist-gender = Gender (required)
therapist-gender-hint = As the therapist wants it shown
therapist-level = Grade (required)
therapist-skills = Good at
therapist-skills-hint = Separated by commas, such as neck, back. At most 100 characters
therapist-introduction = Introduction
therapist-introduction-hint = At most 500 characters; nothing about curing illness
therapist-portrait = Portrait
therapist-portrait-hint = The portrait is a drawing, not a photograph of the therapist
therapist-portrait-auto = Chosen by work number
therapist-portrait-numbered = Portrait { $number }
therapist-shows-blind = The therapist agrees: customers may read “blind therapist”
therapist-shows-blind-hint = Only the therapist decides; it can be taken back at any time and changes neither shifts nor pay
therapist-create = Add the therapist
therapist-save = Save
therapist-said-created = { $name } is added
therapist-said-saved = The entry of { $name } is saved
therapist-now = What was saved meanwhile. Saving again replaces it with yours
# What a therapist offers.
therapist-services-title = Services that { $name } offers
therapist-services-answer-all = Offers all services now
therapist-services-answer-some = { $count ->
    [one] Offers { $count } service now
   *[other] Offers { $count } services now
}
therapist-range = Range (required)
therapist-range-all = All services, also those added later
therapist-range-some = Only the services chosen below
therapist-services = Services
therapist-services-hint = Counts when “Only the services chosen below” is set
therapist-service-unlisted = { $name } (not listed)
therapist-services-save = Save the services
therapist-said-all = { $name } offers all services now
therapist-said-some = { $count ->
    [one] { $name } offers { $count } service now
   *[other] { $name } offers { $count } services now
}
# With which account a therapist signs in.
therapist-bad-account = Please choose one of this shop’s therapist accounts that is in use, or “No account”.
therapist-account-used = This account is { $who }’s already. Change that one first, or choose another.
therapist-choose-account = Account
therapist-account-title = With which account { $name } signs in
therapist-account-answer = Signs in as { $login } now
therapist-account-answer-none = No account now
therapist-account = Account (required)
therapist-account-none = No account
therapist-account-line = { $name } ({ $login })
therapist-account-taken = { $name } ({ $login }), { $whose }’s now
therapist-account-make = The shop has no account for a therapist yet. Add one first.
therapist-account-staff = To the staff accounts
therapist-account-save = Save the account
therapist-said-tied = The account of { $name } is saved; { $name } can ask for leave now
therapist-said-untied = { $name } has no account now
