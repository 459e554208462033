-- "order" is a word of SQL, hence the longer name.
CREATE TABLE order_order (
    id BIGINT PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    shop_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    title TEXT NOT NULL,
    page TEXT NOT NULL,
    state TEXT NOT NULL,
    total BIGINT NOT NULL CHECK (total >= 0),
    due_now BIGINT NOT NULL CHECK (due_now >= 0),
    -- What the shop keeps of a cancelled order.
    kept BIGINT NOT NULL DEFAULT 0 CHECK (kept >= 0),
    deadline BIGINT NOT NULL,
    policy TEXT NOT NULL,
    -- Why the order is closing or closed before it was placed.
    ending TEXT,
    opened_at BIGINT NOT NULL,
    placed_at BIGINT,
    ended_at BIGINT,
    version BIGINT NOT NULL
);

CREATE INDEX order_order_customer ON order_order (customer_id, id);
CREATE INDEX order_order_shop ON order_order (shop_id, id);

CREATE TABLE order_line (
    id BIGINT PRIMARY KEY,
    order_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    module TEXT NOT NULL,
    thing_id BIGINT NOT NULL,
    title TEXT NOT NULL,
    starts_at BIGINT,
    minutes BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    UNIQUE (order_id, position),
    UNIQUE (module, thing_id, order_id)
);

-- The allocation matrix: which tender pays how much of which line. Frozen when the order opens.
CREATE TABLE order_allocation (
    order_id BIGINT NOT NULL,
    line_id BIGINT NOT NULL,
    tender TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (order_id, line_id, tender)
);

CREATE TABLE order_step (
    id BIGINT PRIMARY KEY,
    order_id BIGINT NOT NULL,
    step TEXT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- The version that the step led to: steps of one moment keep their order.
    version BIGINT NOT NULL
);

CREATE INDEX order_step_order ON order_step (order_id, version);
