-- A home visit can be changed too: another time, service or address. Where the address is to be another, this is the new way,
-- of which everybody of the shop may know; nothing where the visit goes to the same door.
ALTER TABLE booking_change ADD COLUMN district TEXT;
ALTER TABLE booking_change ADD COLUMN metres BIGINT CHECK (metres >= 0);
ALTER TABLE booking_change ADD COLUMN travel_minutes BIGINT CHECK (travel_minutes >= 0);
ALTER TABLE booking_change ADD COLUMN fare BIGINT CHECK (fare >= 0);

-- The change that proposes the address: when it comes to nothing, the address is deleted.
ALTER TABLE booking_address ADD COLUMN change_id BIGINT;
-- The booking for which the desk wrote it down as it was told; nothing where the customer gave it.
ALTER TABLE booking_address ADD COLUMN told_for BIGINT;

CREATE INDEX booking_address_change ON booking_address (change_id);
