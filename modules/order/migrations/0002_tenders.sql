-- What single lines gave back, what need not be paid any more, and what the shop has earned so far.
ALTER TABLE order_order ADD COLUMN refunded BIGINT NOT NULL DEFAULT 0 CHECK (refunded >= 0);
ALTER TABLE order_order ADD COLUMN waived BIGINT NOT NULL DEFAULT 0 CHECK (waived >= 0);
ALTER TABLE order_order ADD COLUMN earned BIGINT NOT NULL DEFAULT 0;
UPDATE order_order SET earned = total WHERE state = 'fulfilled';

-- When a line was taken off the order.
ALTER TABLE order_line ADD COLUMN dropped_at BIGINT;

ALTER TABLE order_allocation ADD COLUMN refunded BIGINT NOT NULL DEFAULT 0 CHECK (refunded >= 0 AND refunded <= amount);

-- What was taken by another way than WeChat: from which account of the ledger, how much, how much of it went back.
CREATE TABLE order_taking (
    id BIGINT PRIMARY KEY,
    order_id BIGINT NOT NULL,
    tender TEXT NOT NULL,
    owner_kind TEXT NOT NULL,
    owner_id BIGINT NOT NULL,
    account TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    returned BIGINT NOT NULL DEFAULT 0 CHECK (returned >= 0 AND returned <= amount),
    state TEXT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE INDEX order_taking_order ON order_taking (order_id, id);

-- What goes back of a taking. It is due until a person has handed it over.
CREATE TABLE order_return (
    id BIGINT PRIMARY KEY,
    order_id BIGINT NOT NULL,
    taking_id BIGINT NOT NULL,
    shop_id BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    handed_by TEXT,
    handed_at BIGINT
);

CREATE INDEX order_return_order ON order_return (order_id, id);
CREATE INDEX order_return_due ON order_return (shop_id, handed_at, id);

-- What a single line gave back, why, and who decided.
CREATE TABLE order_line_refund (
    id BIGINT PRIMARY KEY,
    order_id BIGINT NOT NULL,
    line_id BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    kept BIGINT NOT NULL CHECK (kept >= 0),
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE INDEX order_line_refund_order ON order_line_refund (order_id, id);

-- What was asked about a line when it was ordered, and the answer: as both read then.
CREATE TABLE order_answer (
    order_id BIGINT NOT NULL,
    line_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (line_id, position)
);

CREATE INDEX order_answer_order ON order_answer (order_id);
