-- What was due at once when the order opened, where that was not all of it. Lines that become dearer later make no deposit of what
-- was paid in full, so it cannot be read off total and due_now.
ALTER TABLE order_order ADD COLUMN deposit BIGINT CHECK (deposit >= 0);

UPDATE order_order SET deposit = due_now WHERE due_now < total;
