-- A therapist of one shop. blind_shown: the day on which the person agreed that customers read "blind therapist";
-- null where there is no consent, or it was taken back.
CREATE TABLE therapist (
    id BIGINT PRIMARY KEY,
    shop_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    gender TEXT NOT NULL,
    level TEXT NOT NULL,
    introduction TEXT NOT NULL,
    skills TEXT NOT NULL,
    portrait TEXT NOT NULL,
    blind_shown BIGINT,
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    version BIGINT NOT NULL,
    UNIQUE (shop_id, number)
);

-- What a therapist offers; a therapist without rows offers everything.
CREATE TABLE therapist_service (
    therapist_id BIGINT NOT NULL REFERENCES therapist (id),
    service_id BIGINT NOT NULL,
    PRIMARY KEY (therapist_id, service_id)
);
CREATE INDEX therapist_service_service ON therapist_service (service_id);
