-- An address of another program that hears what happens at a shop.
CREATE TABLE integration_hook (
    id BIGINT PRIMARY KEY,
    shop_id BIGINT NOT NULL,
    url TEXT NOT NULL,
    -- Needed to sign, so it cannot be a hash.
    secret TEXT NOT NULL,
    -- The one before, which signs too until then.
    old_secret TEXT,
    old_until BIGINT,
    -- Names of events, separated by blanks.
    events TEXT NOT NULL,
    state TEXT NOT NULL,
    failing_since BIGINT,
    made_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX integration_hook_shop ON integration_hook (shop_id, id);

-- Who did what to an address or a calendar.
CREATE TABLE integration_step (
    id BIGINT PRIMARY KEY,
    thing_id BIGINT NOT NULL,
    step TEXT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX integration_step_thing ON integration_step (thing_id, id);

-- One piece of news for one address. Its id is the message's id and never changes.
CREATE TABLE integration_delivery (
    id BIGINT PRIMARY KEY,
    hook_id BIGINT NOT NULL,
    -- What it tells: the event, the thing and its version. The same news twice is one delivery.
    cause TEXT NOT NULL,
    event TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    -- The HTTP status of the last answer, or why there was none.
    status BIGINT,
    trouble TEXT,
    made_at BIGINT NOT NULL,
    next_at BIGINT,
    ended_at BIGINT,
    UNIQUE (hook_id, cause)
);
CREATE INDEX integration_delivery_hook ON integration_delivery (hook_id, id);
CREATE INDEX integration_delivery_ended ON integration_delivery (ended_at);

-- The secret address at which a therapist's calendar is read.
CREATE TABLE integration_feed (
    therapist_id BIGINT PRIMARY KEY,
    shop_id BIGINT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    made_at BIGINT NOT NULL,
    seen_at BIGINT
);
CREATE INDEX integration_feed_shop ON integration_feed (shop_id);
