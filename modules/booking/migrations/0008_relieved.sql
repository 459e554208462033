-- A therapist's calendar asks where they were relieved: by the therapist, not through all that ever were.
CREATE INDEX booking_relief_therapist ON booking_relief (therapist_id);
