# Why something about a service is refused.
catalog-changed = Somebody else has just changed this service. Please look at it as it is now, then change it again.
catalog-bad-name = Please give a name of 2 to 30 characters; a category has 2 to 20.
catalog-name-used = The shop already lists a service of this name. Please choose another name.
catalog-bad-minutes = The length is a multiple of five from 10 to 240, such as 60.
catalog-bad-price = The price is a number from 0 to 5000 with at most two decimals, such as 128 or 128.50.
catalog-bad-buffer = The time before and after is a multiple of five from 0 to 60, such as 10.
catalog-too-long = The introduction has at most { $most } characters. Please shorten it.
catalog-bad-category = This category is gone. Please choose another.
catalog-bad-kind = Please choose a kind.
catalog-category-in-use = Services still stand under this category, so it cannot be removed. Please move them first.
catalog-heading-used = There is such a category already. Please choose another name.
# Kinds.
catalog-kind-full-body = Whole body
catalog-kind-local = One part of the body
catalog-kind-foot = Feet
catalog-kind-add-on = Add-on
catalog-kind-child = For children
catalog-kind-home-visit = Home visit
# The services of a shop.
catalog-title = Services of { $shop }: { $count }
catalog-answer = { $listed } listed, { $unlisted } not listed
catalog-none = No services yet
catalog-shop = Shop
catalog-services = Services
catalog-listed = Listed
catalog-unlisted = Not listed
catalog-list = List
catalog-unlist = Take off the list
catalog-said-listed = { $name } is listed; customers see it
catalog-said-unlisted = { $name } is no longer listed; what is booked stays booked
catalog-line = { $kind } · { $duration }
catalog-line-under = { $kind } · { $duration } · { $category }
catalog-buffers = { $before } min before, { $after } min after
catalog-short = By the centre’s standard this kind lasts at least { $least } minutes
catalog-add = Add a service
catalog-manage-categories = Categories
# One service.
catalog-new-title = Add a service
catalog-new-answer = It is listed at once and can be booked
catalog-edit-title = Change { $name }
catalog-edit-answer = What is booked keeps its length and price
catalog-name = Name (required)
catalog-name-hint = 2 to 30 characters, such as Whole-body massage
catalog-kind = Kind (required)
catalog-kind-hint = Add-ons and home visits cannot be booked online by themselves
catalog-category = Category
catalog-no-category = None
catalog-minutes = Length in minutes (required)
catalog-minutes-hint = 10 to 240, a multiple of five. The centre’s standard: whole body at least 45 minutes, one part at least 30
catalog-price = Price in yuan (required)
catalog-price-hint = Such as 128 or 128.50; 0 if it is free
catalog-before = Minutes to prepare before
catalog-after = Minutes to tidy up after
catalog-buffer-hint = Bed and therapist are kept for this time; 0 to 60, a multiple of five
catalog-introduction = Introduction
catalog-introduction-hint = At most 500 characters; nothing about curing illness
catalog-create = Add the service
catalog-save = Save
catalog-said-created = { $name } is added and listed
catalog-said-saved = { $name } is saved
catalog-said-short = { $said }. Please note: by the centre’s standard this kind lasts at least { $least } minutes
catalog-now = What was saved meanwhile. Saving again replaces it with yours
# Categories.
catalog-categories-title = Categories for all shops: { $count }
catalog-own-categories-title = Categories of { $shop }: { $count }
catalog-categories-answer = Every shop may use these categories
catalog-own-categories-answer = Only this shop uses its own categories
catalog-no-categories = No categories yet
catalog-common-categories = The centre’s categories for all shops
catalog-category-new = Add a category
catalog-category-name = Name of the category (required)
catalog-category-name-hint = 2 to 20 characters, such as Neck and shoulders
catalog-category-create = Add the category
catalog-category-remove = Remove
catalog-category-used = { $count ->
    [one] { $count } service
   *[other] { $count } services
}
catalog-said-category = The category { $name } is added
catalog-said-category-removed = The category { $name } is removed
