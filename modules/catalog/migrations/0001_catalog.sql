-- A heading under which services stand. Without a shop it is the centre's and every shop may use it.
CREATE TABLE service_category (
    id BIGINT PRIMARY KEY,
    shop_id BIGINT,
    name TEXT NOT NULL,
    position BIGINT NOT NULL
);
CREATE INDEX service_category_shop ON service_category (shop_id);

-- What a shop offers. Price in fen; before and after are minutes of bed and therapist around the service.
CREATE TABLE service (
    id BIGINT PRIMARY KEY,
    shop_id BIGINT NOT NULL,
    category_id BIGINT REFERENCES service_category (id),
    name TEXT NOT NULL,
    minutes BIGINT NOT NULL CHECK (minutes > 0),
    price BIGINT NOT NULL CHECK (price >= 0),
    before_minutes BIGINT NOT NULL CHECK (before_minutes >= 0),
    after_minutes BIGINT NOT NULL CHECK (after_minutes >= 0),
    kind TEXT NOT NULL,
    introduction TEXT NOT NULL,
    listed BIGINT NOT NULL CHECK (listed IN (0, 1)),
    position BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX service_shop ON service (shop_id, position);
