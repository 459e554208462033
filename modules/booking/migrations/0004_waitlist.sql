-- Who waits for a time to come free (候补): a service on a day, started within a span of its minutes.
CREATE TABLE booking_wait (
    id BIGINT PRIMARY KEY,
    shop_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    service_id BIGINT NOT NULL,
    -- Nobody in particular when empty.
    therapist_id BIGINT,
    day BIGINT NOT NULL,
    from_minute BIGINT NOT NULL CHECK (from_minute >= 0),
    to_minute BIGINT NOT NULL CHECK (to_minute > from_minute),
    state TEXT NOT NULL,
    -- The time that is, or was, kept for the customer.
    offered_start BIGINT,
    offered_therapist BIGINT,
    offered_until BIGINT,
    -- What came of it.
    booking_id BIGINT,
    joined_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);

CREATE INDEX booking_wait_shop ON booking_wait (shop_id, state, id);
CREATE INDEX booking_wait_customer ON booking_wait (customer_id, state, id);

-- One row for every change: who did what when.
CREATE TABLE booking_wait_step (
    id BIGINT PRIMARY KEY,
    wait_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    step TEXT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE (wait_id, version)
);
