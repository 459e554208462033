-- Changes of bookings that one side proposes and the other answers. While one is proposed its time is claimed besides the
-- booking's own, under this row's identifier.
CREATE TABLE booking_change (
    id BIGINT PRIMARY KEY,
    booking_id BIGINT NOT NULL,
    shop_id BIGINT NOT NULL,
    -- Who proposes: customer or shop.
    side TEXT NOT NULL,
    state TEXT NOT NULL,
    -- What the booking is to become.
    service_id BIGINT NOT NULL,
    service_name TEXT NOT NULL,
    therapist_id BIGINT NOT NULL,
    bed_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    starts_at BIGINT NOT NULL,
    minutes BIGINT NOT NULL CHECK (minutes > 0),
    before_minutes BIGINT NOT NULL CHECK (before_minutes >= 0),
    after_minutes BIGINT NOT NULL CHECK (after_minutes >= 0),
    price BIGINT NOT NULL CHECK (price >= 0),
    reason TEXT NOT NULL,
    -- The booking's version as it was proposed: a booking's proposals have an order even within one millisecond.
    proposed_as BIGINT NOT NULL,
    -- A word of the shop to the customer; may be empty.
    note TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    answer_by BIGINT NOT NULL,
    ended_at BIGINT,
    version BIGINT NOT NULL
);

-- A booking has one open proposal at the most.
CREATE UNIQUE INDEX booking_change_open ON booking_change (booking_id) WHERE state = 'proposed';
CREATE INDEX booking_change_booking ON booking_change (booking_id, proposed_as);
CREATE INDEX booking_change_shop ON booking_change (shop_id, answer_by) WHERE state = 'proposed';
