CREATE TABLE booking (
    id BIGINT PRIMARY KEY,
    order_id BIGINT NOT NULL,
    shop_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    service_id BIGINT NOT NULL,
    -- As it was called when it was booked.
    service_name TEXT NOT NULL,
    therapist_id BIGINT NOT NULL,
    bed_id BIGINT NOT NULL,
    -- The business day, which may run past midnight.
    day BIGINT NOT NULL,
    starts_at BIGINT NOT NULL,
    minutes BIGINT NOT NULL CHECK (minutes > 0),
    before_minutes BIGINT NOT NULL CHECK (before_minutes >= 0),
    after_minutes BIGINT NOT NULL CHECK (after_minutes >= 0),
    price BIGINT NOT NULL CHECK (price >= 0),
    state TEXT NOT NULL,
    -- Why this therapist: asked for, or next in turn.
    reason TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    strength TEXT NOT NULL,
    note TEXT NOT NULL,
    declared_at BIGINT NOT NULL,
    answer_by BIGINT,
    version BIGINT NOT NULL
);

CREATE INDEX booking_shop ON booking (shop_id, day, starts_at);
CREATE INDEX booking_customer ON booking (customer_id, starts_at);
CREATE INDEX booking_order ON booking (order_id);
CREATE INDEX booking_code ON booking (shop_id, code);

-- One row for every change: who did what when, and why.
CREATE TABLE booking_step (
    id BIGINT PRIMARY KEY,
    booking_id BIGINT NOT NULL,
    -- The booking's version after the step: steps have an order even within one millisecond.
    version BIGINT NOT NULL,
    step TEXT NOT NULL,
    actor TEXT NOT NULL,
    why TEXT,
    at BIGINT NOT NULL,
    UNIQUE (booking_id, version)
);
