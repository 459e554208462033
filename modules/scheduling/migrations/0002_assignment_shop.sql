-- The rotation board reads a shop's last assignments.
CREATE INDEX assignment_shop ON assignment (shop_id, id);
