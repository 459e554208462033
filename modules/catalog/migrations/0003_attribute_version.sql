-- Counts the changes of what is asked, so that two who edit it at once do not undo each other unseen.
ALTER TABLE catalog_attribute ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
