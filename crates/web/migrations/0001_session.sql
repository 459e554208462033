-- Who is signed in. The browser holds the token; only its SHA-256 is stored, so a stolen table opens nothing.
CREATE TABLE session (
    token_hash TEXT PRIMARY KEY,
    customer_id BIGINT,
    staff_id BIGINT,
    shop_id BIGINT,
    role TEXT,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_staff ON session (staff_id);
CREATE INDEX session_customer ON session (customer_id);
CREATE INDEX session_expires ON session (expires_at);

-- What a person had typed when the session ended, until it is shown again.
CREATE TABLE kept_form (
    id BIGINT PRIMARY KEY,
    browser_hash TEXT NOT NULL,
    body TEXT NOT NULL,
    kept_until BIGINT NOT NULL
);
CREATE INDEX kept_form_until ON kept_form (kept_until);
