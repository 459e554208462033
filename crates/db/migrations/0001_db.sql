-- Work that waits: one row per job until it is done. A row that was given up stays, for a person.
CREATE TABLE job (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    key TEXT,
    payload TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'dead')),
    due_at BIGINT NOT NULL, -- ms UTC; while running, the end of the lease
    attempt BIGINT NOT NULL, -- how often it was begun
    actor TEXT NOT NULL, -- who caused it
    made_at BIGINT NOT NULL, -- ms UTC
    error TEXT -- how the last attempt failed
);

CREATE INDEX job_due ON job (due_at, id) WHERE state <> 'dead';
CREATE INDEX job_dead ON job (id) WHERE state = 'dead';
CREATE UNIQUE INDEX job_key ON job (name, key) WHERE key IS NOT NULL AND state = 'queued';

-- The first answer to a question that carried an idempotency key.
CREATE TABLE answer (
    actor TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    body TEXT NOT NULL, -- JSON
    made_at BIGINT NOT NULL, -- ms UTC
    PRIMARY KEY (actor, key)
) WITHOUT ROWID;

CREATE INDEX answer_made_at ON answer (made_at);
