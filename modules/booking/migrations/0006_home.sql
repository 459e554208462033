-- What a shop does at customers' homes: area, fare, pace, services and therapists.
CREATE TABLE booking_home_terms (
    shop_id BIGINT PRIMARY KEY,
    terms TEXT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL
);

-- A booking at the customer's has bed_id 0, and a row here. It says no more than everybody of the shop may know; the
-- address stands apart, so that it can be forgotten.
CREATE TABLE booking_home_visit (
    booking_id BIGINT PRIMARY KEY,
    district TEXT NOT NULL,
    metres BIGINT NOT NULL CHECK (metres >= 0),
    -- One way; it is also within before_minutes and after_minutes of the booking.
    travel_minutes BIGINT NOT NULL CHECK (travel_minutes >= 0),
    fare BIGINT NOT NULL CHECK (fare >= 0)
);

CREATE TABLE booking_address (
    id BIGINT PRIMARY KEY,
    customer_id BIGINT NOT NULL,
    -- Nothing while the customer still chooses.
    booking_id BIGINT,
    district TEXT NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    lng DOUBLE PRECISION NOT NULL,
    street TEXT NOT NULL,
    house TEXT NOT NULL,
    -- From then on it may be deleted.
    forget_at BIGINT NOT NULL
);

CREATE INDEX booking_address_booking ON booking_address (booking_id);
CREATE INDEX booking_address_customer ON booking_address (customer_id, id);
