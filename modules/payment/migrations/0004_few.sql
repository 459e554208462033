-- Of all refunds, the few that no bill has listed, and the few that a person must look at.
CREATE INDEX payment_refund_unbilled ON payment_refund (id)
    WHERE billed_on IS NULL AND state IN ('processing', 'succeeded', 'abnormal', 'manual');
CREATE INDEX payment_refund_troubled ON payment_refund (id)
    WHERE state = 'abnormal' OR (state = 'failed' AND trouble <> 'repeated');

-- A shop looks at its own days of the bill.
CREATE INDEX payment_bill_shop_days ON payment_bill_shop (shop_id, day);
