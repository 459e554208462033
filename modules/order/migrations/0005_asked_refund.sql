-- Refunds that staff asked for, and the line that each is of: what a second person rejects is put back there.
CREATE TABLE order_asked_refund (
    refund_id BIGINT PRIMARY KEY,
    order_id BIGINT NOT NULL,
    line_id BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    put_back_at BIGINT
);

CREATE INDEX order_asked_refund_order ON order_asked_refund (order_id);
