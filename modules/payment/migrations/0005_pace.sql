-- What is to be sent to WeChat in the next moments, so that the refunds of a shop do not all go at once.
CREATE INDEX payment_refund_due ON payment_refund (due_at);
