-- What was said with a step, where words belong to it: a reason, an objection, a ruling.
CREATE TABLE booking_step_words (
    booking_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (booking_id, version)
);

-- What was added while the customer was there (加钟); each is a line of the order.
CREATE TABLE booking_extension (
    id BIGINT PRIMARY KEY,
    booking_id BIGINT NOT NULL,
    title TEXT NOT NULL,
    minutes BIGINT NOT NULL CHECK (minutes > 0),
    amount BIGINT NOT NULL CHECK (amount >= 0),
    actor TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX booking_extension_booking ON booking_extension (booking_id);

-- Who was relieved during a service, after how many minutes of their own.
CREATE TABLE booking_relief (
    id BIGINT PRIMARY KEY,
    booking_id BIGINT NOT NULL,
    therapist_id BIGINT NOT NULL,
    minutes BIGINT NOT NULL CHECK (minutes >= 0),
    actor TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX booking_relief_booking ON booking_relief (booking_id);

-- By how much a customer said that they will be late; the last word.
CREATE TABLE booking_late (
    booking_id BIGINT PRIMARY KEY,
    minutes BIGINT NOT NULL CHECK (minutes > 0)
);

-- Completed bookings that cannot be opened again, since the customer has said what they think of them.
CREATE TABLE booking_sealed (
    booking_id BIGINT PRIMARY KEY,
    at BIGINT NOT NULL
);

-- Ends that somebody has to decide on: who stayed away, where it was not safe.
CREATE TABLE booking_case (
    booking_id BIGINT PRIMARY KEY,
    shop_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    -- What may be kept at most, and what is.
    most BIGINT NOT NULL CHECK (most >= 0),
    kept BIGINT CHECK (kept >= 0 AND kept <= most),
    opened_at BIGINT NOT NULL
);
CREATE INDEX booking_case_shop ON booking_case (shop_id, state);
CREATE INDEX booking_case_state ON booking_case (state, opened_at);
