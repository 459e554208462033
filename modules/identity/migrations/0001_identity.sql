-- A person known by WeChat. Name and phone are what the person last typed into a booking.
CREATE TABLE customer (
    id BIGINT PRIMARY KEY,
    openid TEXT NOT NULL UNIQUE,
    name TEXT,
    phone TEXT,
    nickname TEXT,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);

-- A person of a shop, or of the centre (shop_id is null).
CREATE TABLE staff (
    id BIGINT PRIMARY KEY,
    shop_id BIGINT,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    login TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    openid TEXT,
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX staff_shop ON staff (shop_id);

-- A sign-in on its way through WeChat: one use, five minutes, bound to the browser that began it.
CREATE TABLE sign_in (
    state TEXT PRIMARY KEY,
    browser TEXT NOT NULL,
    purpose TEXT NOT NULL,
    staff_id BIGINT,
    back TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
