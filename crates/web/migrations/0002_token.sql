-- Keys of other programs to the JSON API. Only the SHA-256 is stored; who made it is in whose name it acts.
CREATE TABLE api_token (
    id BIGINT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    -- The first characters, to tell tokens apart on a page.
    head TEXT NOT NULL,
    name TEXT NOT NULL,
    staff_id BIGINT NOT NULL,
    -- Nothing: made by the centre, for all shops.
    shop_id BIGINT,
    role TEXT NOT NULL,
    -- Separated by blanks.
    scopes TEXT NOT NULL,
    per_minute BIGINT NOT NULL CHECK (per_minute > 0),
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    seen_at BIGINT,
    revoked_at BIGINT,
    revoked_by TEXT
);
CREATE INDEX api_token_shop ON api_token (shop_id, id);
CREATE INDEX api_token_staff ON api_token (staff_id);
