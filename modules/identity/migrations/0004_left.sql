-- When a customer deleted the account. The row stays without the person, so that orders and ledger have somebody to name;
-- its openid is the row's own number then.
ALTER TABLE customer ADD COLUMN left_at BIGINT;
