-- An account is opened by the first transfer that names it.
CREATE TABLE ledger_account (
    id BIGINT PRIMARY KEY,
    owner_kind TEXT NOT NULL,
    owner_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    unit TEXT NOT NULL,
    UNIQUE (owner_kind, owner_id, kind, unit)
);

-- Transfers are added, never changed. The unique key makes a repeat of the same cause harmless.
CREATE TABLE ledger_transfer (
    id BIGINT PRIMARY KEY,
    debit_id BIGINT NOT NULL,
    credit_id BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    cause TEXT NOT NULL,
    cause_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    posted_at BIGINT NOT NULL,
    CHECK (debit_id <> credit_id),
    UNIQUE (cause, cause_id, key)
);

CREATE INDEX ledger_transfer_debit ON ledger_transfer (debit_id);
CREATE INDEX ledger_transfer_credit ON ledger_transfer (credit_id);
