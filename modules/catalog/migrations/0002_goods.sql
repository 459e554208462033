-- What a category is a heading over: services, goods or therapists.
ALTER TABLE service_category ADD COLUMN kind TEXT NOT NULL DEFAULT 'service';

-- What is asked when something under a category is ordered. The choices are a JSON list of texts.
CREATE TABLE catalog_attribute (
    id BIGINT PRIMARY KEY,
    category_id BIGINT NOT NULL REFERENCES service_category (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    required BIGINT NOT NULL CHECK (required IN (0, 1)),
    choices TEXT NOT NULL,
    position BIGINT NOT NULL,
    UNIQUE (category_id, name)
);

-- What a shop sells over the desk. Price in fen.
CREATE TABLE catalog_goods (
    id BIGINT PRIMARY KEY,
    shop_id BIGINT NOT NULL,
    category_id BIGINT REFERENCES service_category (id),
    name TEXT NOT NULL,
    price BIGINT NOT NULL CHECK (price >= 0),
    introduction TEXT NOT NULL,
    listed BIGINT NOT NULL CHECK (listed IN (0, 1)),
    position BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX catalog_goods_shop ON catalog_goods (shop_id, position);

-- What of a service's price is paid in advance; without a row all of it.
CREATE TABLE catalog_prepay (
    service_id BIGINT PRIMARY KEY REFERENCES service (id),
    how TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0)
);
