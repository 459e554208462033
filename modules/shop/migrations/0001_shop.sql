-- A shop as the centre and its owner describe it. Latitude and longitude are WGS-84 degrees.
CREATE TABLE shop (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    district TEXT NOT NULL,
    address TEXT NOT NULL,
    walking TEXT NOT NULL,
    phone TEXT NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    lng DOUBLE PRECISION NOT NULL,
    introduction TEXT NOT NULL,
    kind TEXT NOT NULL,
    standing TEXT NOT NULL,
    verified_on BIGINT,
    sub_mchid TEXT,
    accepts TEXT NOT NULL,
    photo TEXT NOT NULL,
    photo_words TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX shop_standing ON shop (standing);

-- Each change of a shop's standing.
CREATE TABLE shop_step (
    id BIGINT PRIMARY KEY,
    shop_id BIGINT NOT NULL REFERENCES shop (id),
    step TEXT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX shop_step_shop ON shop_step (shop_id);

-- Weekly hours: minutes of the business day, 1 (Monday) to 7. A day without a row is closed.
CREATE TABLE shop_hours (
    shop_id BIGINT NOT NULL REFERENCES shop (id),
    weekday BIGINT NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    opens BIGINT NOT NULL,
    closes BIGINT NOT NULL,
    PRIMARY KEY (shop_id, weekday),
    CHECK (0 <= opens AND opens < closes AND closes <= 1800)
);

-- A day with other hours than its weekday's; without hours the shop is closed.
CREATE TABLE shop_exception (
    shop_id BIGINT NOT NULL REFERENCES shop (id),
    day BIGINT NOT NULL,
    opens BIGINT,
    closes BIGINT,
    PRIMARY KEY (shop_id, day)
);

-- Pictures, decoded and encoded anew by us.
CREATE TABLE shop_photo (
    id BIGINT PRIMARY KEY,
    shop_id BIGINT NOT NULL REFERENCES shop (id),
    words TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    jpeg BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX shop_photo_shop ON shop_photo (shop_id);
