-- A stretch in which a shop is closed against its hours. It counts until it is lifted; a membership that ends is one
-- without an end in sight.
CREATE TABLE shop_closing (
    id BIGINT PRIMARY KEY,
    shop_id BIGINT NOT NULL REFERENCES shop (id),
    -- sudden or leaving
    kind TEXT NOT NULL,
    from_at BIGINT NOT NULL, -- ms UTC
    until_at BIGINT NOT NULL, -- ms UTC, exclusive
    -- Said to customers.
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL,
    lifted_at BIGINT,
    lifted_by TEXT,
    CHECK (from_at < until_at)
);
CREATE INDEX shop_closing_live ON shop_closing (shop_id, until_at) WHERE lifted_at IS NULL;
