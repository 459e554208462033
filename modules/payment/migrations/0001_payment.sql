-- One attempt to pay something. Its number at WeChat is committed here before WeChat hears of it.
CREATE TABLE payment_payment (
    id BIGINT PRIMARY KEY,
    module TEXT NOT NULL,
    thing_id BIGINT NOT NULL,
    shop_id BIGINT NOT NULL,
    sub_mchid TEXT,
    amount BIGINT NOT NULL CHECK (amount > 0),
    description TEXT NOT NULL,
    openid TEXT NOT NULL,
    out_trade_no TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    -- When WeChat was first asked for a prepay; NULL while WeChat cannot know the number.
    asked_at BIGINT,
    prepay_id TEXT,
    prepaid_at BIGINT,
    -- Since when the attempt is being ended; nothing new is asked for it any more.
    ending_at BIGINT,
    transaction_id TEXT UNIQUE,
    paid_at BIGINT,
    -- Refunds that run or are done.
    refunded BIGINT NOT NULL DEFAULT 0,
    expires_at BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    CHECK (refunded >= 0 AND refunded <= amount)
);

CREATE INDEX payment_payment_thing ON payment_payment (module, thing_id);
-- At most one attempt of a thing can be alive.
CREATE UNIQUE INDEX payment_payment_live ON payment_payment (module, thing_id) WHERE state IN ('created', 'prepaid');

CREATE TABLE payment_step (
    id BIGINT PRIMARY KEY,
    payment_id BIGINT NOT NULL,
    step TEXT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- The version that the step led to: steps of one moment keep their order.
    version BIGINT NOT NULL
);

CREATE INDEX payment_step_payment ON payment_step (payment_id, version);

-- Money on its way back. The number at WeChat is made from the row and never changes.
CREATE TABLE payment_refund (
    id BIGINT PRIMARY KEY,
    payment_id BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    reason TEXT NOT NULL,
    out_refund_no TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    refund_id TEXT,
    trouble TEXT,
    requested_at BIGINT NOT NULL,
    -- Parts of one payment are sent at least a minute apart.
    due_at BIGINT NOT NULL,
    done_at BIGINT,
    version BIGINT NOT NULL
);

CREATE INDEX payment_refund_payment ON payment_refund (payment_id, id);

CREATE TABLE payment_refund_step (
    id BIGINT PRIMARY KEY,
    refund_id BIGINT NOT NULL,
    step TEXT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- The version that the step led to: steps of one moment keep their order.
    version BIGINT NOT NULL
);

CREATE INDEX payment_refund_step_refund ON payment_refund_step (refund_id, version);

-- The inbox: what WeChat told by itself, verified, before anything is done about it.
CREATE TABLE payment_notice (
    id BIGINT PRIMARY KEY,
    notice_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    taken_at BIGINT NOT NULL,
    done_at BIGINT,
    outcome TEXT
);

-- Money or news that does not fit what we know. A person looks at it; nothing else was done.
CREATE TABLE payment_quarantine (
    id BIGINT PRIMARY KEY,
    doubt TEXT NOT NULL,
    source TEXT NOT NULL,
    out_trade_no TEXT NOT NULL,
    transaction_id TEXT NOT NULL,
    payment_id BIGINT,
    amount BIGINT NOT NULL,
    body TEXT NOT NULL,
    found_at BIGINT NOT NULL,
    looked_at BIGINT,
    looked_by TEXT,
    note TEXT,
    UNIQUE (out_trade_no, transaction_id, doubt)
);
