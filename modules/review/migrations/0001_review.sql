-- What a customer says about a completed booking: once, and the shop may answer.
CREATE TABLE review (
    id BIGINT PRIMARY KEY,
    booking_id BIGINT NOT NULL UNIQUE,
    shop_id BIGINT NOT NULL,
    therapist_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    author TEXT NOT NULL,
    service_name TEXT NOT NULL,
    stars BIGINT NOT NULL CHECK (stars BETWEEN 1 AND 5),
    words TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    reply TEXT,
    replied_at BIGINT,
    version BIGINT NOT NULL
);
CREATE INDEX review_shop ON review (shop_id, id);

-- The sum of a shop's stars, kept beside the reviews so that a list of shops reads one row each.
CREATE TABLE review_score (
    shop_id BIGINT PRIMARY KEY,
    count BIGINT NOT NULL,
    sum BIGINT NOT NULL
);

-- Who wrote and who replied.
CREATE TABLE review_step (
    id BIGINT PRIMARY KEY,
    review_id BIGINT NOT NULL,
    step TEXT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX review_step_review ON review_step (review_id);
