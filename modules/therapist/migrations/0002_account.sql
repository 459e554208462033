-- With which account the therapist signs in; nothing where the person has none.
ALTER TABLE therapist ADD COLUMN account_id BIGINT;
CREATE UNIQUE INDEX therapist_account ON therapist (account_id);
