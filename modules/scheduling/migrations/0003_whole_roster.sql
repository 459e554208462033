-- A therapist's working times on one date, in place of the weekly ones. A row from 0 to 0 is a day off.
CREATE TABLE scheduling_day (
    therapist_id BIGINT NOT NULL,
    shop_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    starts BIGINT NOT NULL CHECK (starts >= 0),
    ends BIGINT NOT NULL CHECK (ends >= starts AND ends <= 1800),
    PRIMARY KEY (therapist_id, day, starts)
);
CREATE INDEX scheduling_day_shop ON scheduling_day (shop_id, day);

-- How soon and how far ahead customers book a shop; without a row as the centre has it.
CREATE TABLE scheduling_window (
    shop_id BIGINT PRIMARY KEY,
    lead BIGINT NOT NULL CHECK (lead >= 0),
    days BIGINT NOT NULL CHECK (days >= 1),
    actor TEXT NOT NULL,
    at BIGINT NOT NULL
);

-- The centre's default of it, and how far a shop may go; one row, the last written.
CREATE TABLE scheduling_bounds (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    lead BIGINT NOT NULL CHECK (lead >= 0),
    days BIGINT NOT NULL CHECK (days >= 1),
    most_lead BIGINT NOT NULL CHECK (most_lead >= lead),
    most_days BIGINT NOT NULL CHECK (most_days >= days),
    actor TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE scheduling_room (
    id BIGINT PRIMARY KEY,
    shop_id BIGINT NOT NULL,
    name TEXT NOT NULL
);
CREATE INDEX scheduling_room_shop ON scheduling_room (shop_id);
-- The room that a bed stands in; without one it stands by itself.
ALTER TABLE bed ADD COLUMN room_id BIGINT;

-- A bed that is out of use for a while.
CREATE TABLE scheduling_bed_pause (
    id BIGINT PRIMARY KEY,
    shop_id BIGINT NOT NULL,
    bed_id BIGINT NOT NULL,
    from_at BIGINT NOT NULL,
    to_at BIGINT NOT NULL CHECK (to_at > from_at),
    reason TEXT NOT NULL,
    actor TEXT NOT NULL
);
CREATE INDEX scheduling_bed_pause_shop ON scheduling_bed_pause (shop_id, to_at);

-- A leave counts its changes; the answer to one that was asked for is in words.
ALTER TABLE leave ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE leave ADD COLUMN answer TEXT NOT NULL DEFAULT '';

-- One row for every change of a leave: who did what when, and why.
CREATE TABLE scheduling_leave_step (
    id BIGINT PRIMARY KEY,
    leave_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    step TEXT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE (leave_id, version)
);

-- Why somebody was chosen by hand, in words.
ALTER TABLE assignment ADD COLUMN note TEXT NOT NULL DEFAULT '';

-- Changes of the line that no booking made: a missed turn, somebody put first or last by hand.
CREATE TABLE scheduling_turn_step (
    id BIGINT PRIMARY KEY,
    shop_id BIGINT NOT NULL,
    therapist_id BIGINT NOT NULL,
    step TEXT NOT NULL,
    turn_before BIGINT NOT NULL,
    turn_after BIGINT NOT NULL,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX scheduling_turn_step_shop ON scheduling_turn_step (shop_id, at);
CREATE INDEX scheduling_assignment_day ON assignment (shop_id, at);
