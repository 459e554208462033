-- What a closing of the shop met: what it called off, with what went back, and what was under way and left alone.
CREATE TABLE booking_closed (
    closing_id BIGINT NOT NULL,
    booking_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    -- fen
    amount BIGINT NOT NULL CHECK (amount >= 0),
    stays BIGINT NOT NULL CHECK (stays IN (0, 1)),
    PRIMARY KEY (closing_id, booking_id)
);
CREATE INDEX booking_closed_booking ON booking_closed (booking_id);
