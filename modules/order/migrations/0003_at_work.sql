-- The desk's list of orders reads what is still to do, not the shop's whole past.
CREATE INDEX order_order_at_work ON order_order (shop_id, id)
    WHERE state IN ('open', 'placed') OR (state = 'fulfilled' AND earned < total - waived - refunded);
