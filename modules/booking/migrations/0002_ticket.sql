-- Queue tickets: bookings without a time.
CREATE TABLE booking_ticket (
    id BIGINT PRIMARY KEY,
    shop_id BIGINT NOT NULL,
    -- The business day; its numbers begin at 1.
    day BIGINT NOT NULL,
    number BIGINT NOT NULL,
    token TEXT NOT NULL UNIQUE,
    customer_id BIGINT NOT NULL,
    service_id BIGINT NOT NULL,
    therapist_id BIGINT,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    state TEXT NOT NULL,
    -- What it became when it was called, the last time.
    booking_id BIGINT,
    taken_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (shop_id, day, number)
);

CREATE INDEX booking_ticket_booking ON booking_ticket (booking_id);

CREATE TABLE booking_ticket_step (
    id BIGINT PRIMARY KEY,
    ticket_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    step TEXT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE (ticket_id, version)
);

-- The last number given out on a business day.
CREATE TABLE booking_line (
    shop_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (shop_id, day)
);
