-- What a customer wrote, for the day on which they delete the account.
CREATE INDEX review_customer ON review (customer_id);
