-- The desk counts the reviews that wait for an answer, not all that were ever written.
CREATE INDEX review_unanswered ON review (shop_id) WHERE reply IS NULL;
