-- One day of WeChat's bill and how far it is matched with our books.
CREATE TABLE payment_bill (
    day BIGINT PRIMARY KEY,
    fetched_at BIGINT NOT NULL, -- ms UTC; the last time
    lines BIGINT NOT NULL,
    paid BIGINT NOT NULL, -- fen
    refunded BIGINT NOT NULL, -- fen
    fee BIGINT NOT NULL, -- fen; what came back with refunds is taken off
    closed_at BIGINT -- ms UTC; when nothing differed any more
);

-- What the bill of a day says of one shop. The fee is what the ledger was told too.
CREATE TABLE payment_bill_shop (
    id BIGINT PRIMARY KEY,
    day BIGINT NOT NULL,
    shop_id BIGINT NOT NULL,
    payments BIGINT NOT NULL,
    paid BIGINT NOT NULL, -- fen
    refunds BIGINT NOT NULL,
    refunded BIGINT NOT NULL, -- fen
    fee BIGINT NOT NULL, -- fen
    revision BIGINT NOT NULL,
    UNIQUE (day, shop_id)
);

-- What does not agree between the bill and our books. It ends when a later look does not find it, or when a person says why.
CREATE TABLE payment_difference (
    id BIGINT PRIMARY KEY,
    day BIGINT NOT NULL,
    kind TEXT NOT NULL,
    number TEXT NOT NULL, -- ours or WeChat's number of what it is about
    shop_id BIGINT,
    ours BIGINT, -- fen
    theirs BIGINT, -- fen
    found_at BIGINT NOT NULL,
    gone_at BIGINT,
    explained_at BIGINT,
    explained_by TEXT,
    note TEXT,
    UNIQUE (day, kind, number)
);

CREATE INDEX payment_difference_open ON payment_difference (day) WHERE gone_at IS NULL AND explained_at IS NULL;

-- The day of the bill that listed it.
ALTER TABLE payment_payment ADD COLUMN billed_on BIGINT;
ALTER TABLE payment_refund ADD COLUMN billed_on BIGINT;

CREATE INDEX payment_payment_paid ON payment_payment (paid_at);
