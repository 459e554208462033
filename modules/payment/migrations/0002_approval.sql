-- Who asked for a refund, and whether somebody else has to agree before it is sent. A refund that a rule gives has no asker.
ALTER TABLE payment_refund ADD COLUMN asked_by BIGINT;
ALTER TABLE payment_refund ADD COLUMN needs_second BIGINT NOT NULL DEFAULT 0;

CREATE INDEX payment_refund_waiting ON payment_refund (id) WHERE needs_second = 1 AND state = 'requested';

-- How many refunds a person of a shop asked for on one day. Counting writes the row, so that two at once cannot both be
-- the last that needs nobody else.
CREATE TABLE payment_refund_day (
    asked_by BIGINT NOT NULL,
    day BIGINT NOT NULL,
    asked BIGINT NOT NULL CHECK (asked > 0),
    PRIMARY KEY (asked_by, day)
);

-- What a shop took, by time.
CREATE INDEX payment_payment_shop_paid ON payment_payment (shop_id, paid_at);
