CREATE TABLE bed (
    id BIGINT PRIMARY KEY,
    shop_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    -- The order in which beds are filled.
    position BIGINT NOT NULL,
    active BIGINT NOT NULL CHECK (active IN (0, 1))
);

CREATE INDEX bed_shop ON bed (shop_id, position);

-- The weekly working times of a therapist, in minutes of the business day.
CREATE TABLE shift (
    therapist_id BIGINT NOT NULL,
    shop_id BIGINT NOT NULL,
    weekday BIGINT NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    starts BIGINT NOT NULL CHECK (starts >= 0),
    ends BIGINT NOT NULL CHECK (ends > starts AND ends <= 1800),
    PRIMARY KEY (therapist_id, weekday, starts)
);

CREATE INDEX shift_shop ON shift (shop_id);

CREATE TABLE leave (
    id BIGINT PRIMARY KEY,
    therapist_id BIGINT NOT NULL,
    shop_id BIGINT NOT NULL,
    from_at BIGINT NOT NULL,
    to_at BIGINT NOT NULL CHECK (to_at > from_at),
    state TEXT NOT NULL,
    reason TEXT NOT NULL
);

CREATE INDEX leave_shop ON leave (shop_id, to_at);

-- One row for every five minutes of a therapist or a bed that are taken. The key is what makes a double booking
-- impossible to write.
CREATE TABLE claim (
    resource_id BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    span_id BIGINT NOT NULL,
    PRIMARY KEY (resource_id, slot)
) WITHOUT ROWID;

-- The claimed stretches, one row each, for reading: `to_slot` is exclusive.
CREATE TABLE span (
    id BIGINT PRIMARY KEY,
    shop_id BIGINT NOT NULL,
    resource_id BIGINT NOT NULL,
    from_slot BIGINT NOT NULL,
    to_slot BIGINT NOT NULL CHECK (to_slot > from_slot),
    holder_id BIGINT NOT NULL
);

CREATE INDEX span_reading ON span (shop_id, from_slot, to_slot, resource_id);
CREATE INDEX span_holder ON span (holder_id);

-- Whose turn it is: the lowest comes next.
CREATE TABLE rotation (
    shop_id BIGINT NOT NULL,
    therapist_id BIGINT NOT NULL,
    turn BIGINT NOT NULL,
    PRIMARY KEY (shop_id, therapist_id)
);

-- Why which therapist serves whom: kept for ever, read aloud on demand.
CREATE TABLE assignment (
    id BIGINT PRIMARY KEY,
    shop_id BIGINT NOT NULL,
    holder_id BIGINT NOT NULL,
    therapist_id BIGINT NOT NULL,
    bed_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    -- The therapist's turn before and after: the same when it was no rotation.
    turn_before BIGINT NOT NULL,
    turn_after BIGINT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE INDEX assignment_holder ON assignment (holder_id, id);
