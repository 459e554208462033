-- Why a day has other hours, said to customers; may be empty.
ALTER TABLE shop_exception ADD COLUMN reason TEXT NOT NULL DEFAULT '';

-- What a shop does on holidays and on make-up working days; without a row it keeps its week.
CREATE TABLE shop_calendar (
    shop_id BIGINT PRIMARY KEY REFERENCES shop (id),
    -- usual, closed or other; opens and closes belong to other.
    holidays TEXT NOT NULL,
    opens BIGINT,
    closes BIGINT,
    -- A make-up working day has the hours of this weekday; 0: of its own.
    work_like BIGINT NOT NULL CHECK (work_like BETWEEN 0 AND 7),
    CHECK ((holidays = 'other') = (opens IS NOT NULL AND closes IS NOT NULL))
);

-- Days that the centre has entered by hand: they come before the state's list.
CREATE TABLE shop_holiday (
    day BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL
);
