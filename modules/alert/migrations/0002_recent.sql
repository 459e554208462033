-- A desk asks for the alerts of the last hours: by time, not through all that it ever heard.
CREATE INDEX alert_shop_recent ON alert (shop_id, created_at, id);
DROP INDEX alert_shop;
-- What was sent about a booking or a refund.
CREATE INDEX alert_message_subject ON alert_message (subject_id);
