-- Transfers may be pending; balances are kept beside them; every transfer gets a place in a chain of hashes.
-- The table of transfers is made anew, because SQLite cannot add constraints to one that exists. A program from before
-- cannot post while this one runs: its job fails and tries again, where posting past the balances would lose money.
CREATE UNIQUE INDEX ledger_account_unit ON ledger_account (id, unit);

DROP INDEX ledger_transfer_debit;
DROP INDEX ledger_transfer_credit;
ALTER TABLE ledger_transfer RENAME TO ledger_transfer_before;

-- Transfers are added, never changed. 'direct' moves at once; 'pending' reserves; 'post' moves all or a part of what is
-- reserved and frees the rest; 'void' frees it all. An end names its pending transfer with accounts and amount, so that
-- it can take no more than was reserved, from nobody else, once.
CREATE TABLE ledger_transfer (
    id BIGINT PRIMARY KEY,
    phase TEXT NOT NULL CHECK (phase IN ('direct', 'pending', 'post', 'void')),
    debit_id BIGINT NOT NULL,
    credit_id BIGINT NOT NULL,
    unit TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    cause TEXT NOT NULL,
    cause_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    pending_id BIGINT UNIQUE, -- the pending transfer that this one ends
    pending_phase TEXT CHECK (pending_phase = 'pending'),
    pending_amount BIGINT,
    due_at BIGINT, -- ms UTC; a pending transfer is voided then
    made_at BIGINT NOT NULL, -- ms UTC
    CHECK (debit_id <> credit_id),
    CHECK ((phase IN ('post', 'void')) = (pending_id IS NOT NULL)),
    CHECK ((pending_id IS NULL) = (pending_phase IS NULL)),
    CHECK ((pending_id IS NULL) = (pending_amount IS NULL)),
    CHECK (amount <= pending_amount),
    CHECK (phase <> 'void' OR amount = pending_amount),
    CHECK (due_at IS NULL OR phase = 'pending'),
    UNIQUE (id, phase, debit_id, credit_id, amount),
    FOREIGN KEY (debit_id, unit) REFERENCES ledger_account (id, unit),
    FOREIGN KEY (credit_id, unit) REFERENCES ledger_account (id, unit),
    FOREIGN KEY (pending_id, pending_phase, debit_id, credit_id, pending_amount)
        REFERENCES ledger_transfer (id, phase, debit_id, credit_id, amount)
);

INSERT INTO ledger_transfer (id, phase, debit_id, credit_id, unit, amount, cause, cause_id, key, made_at)
SELECT t.id, 'direct', t.debit_id, t.credit_id, a.unit, t.amount, t.cause, t.cause_id, t.key, t.posted_at
  FROM ledger_transfer_before t
  JOIN ledger_account a ON a.id = t.debit_id;

DROP TABLE ledger_transfer_before;

-- One key opens one transfer; its end carries the same.
CREATE UNIQUE INDEX ledger_transfer_key ON ledger_transfer (cause, cause_id, key) WHERE pending_id IS NULL;
CREATE INDEX ledger_transfer_debit ON ledger_transfer (debit_id, made_at);
CREATE INDEX ledger_transfer_credit ON ledger_transfer (credit_id, made_at);

-- What the transfers of an account add up to, changed in their own transaction. Apart from the account, which is read by
-- many and never changes. Where credits cover debits, an account gives no more than it received, counting what is
-- reserved; where debits cover credits, the other way round. The allowance is how far that may be passed.
CREATE TABLE ledger_balance (
    account_id BIGINT PRIMARY KEY REFERENCES ledger_account (id),
    credits_cover BIGINT NOT NULL CHECK (credits_cover IN (0, 1)),
    debits_cover BIGINT NOT NULL CHECK (debits_cover IN (0, 1)),
    allowance BIGINT NOT NULL CHECK (allowance >= 0),
    debits_posted BIGINT NOT NULL CHECK (debits_posted >= 0),
    credits_posted BIGINT NOT NULL CHECK (credits_posted >= 0),
    debits_pending BIGINT NOT NULL CHECK (debits_pending >= 0),
    credits_pending BIGINT NOT NULL CHECK (credits_pending >= 0),
    CHECK (credits_cover = 0 OR debits_posted + debits_pending <= credits_posted + allowance),
    CHECK (debits_cover = 0 OR credits_posted + credits_pending <= debits_posted + allowance)
);

INSERT INTO ledger_balance (account_id, credits_cover, debits_cover, allowance,
    debits_posted, credits_posted, debits_pending, credits_pending)
SELECT a.id, CASE a.kind WHEN 'paid' THEN 1 ELSE 0 END, 0, 0,
       CAST(COALESCE((SELECT SUM(t.amount) FROM ledger_transfer t WHERE t.debit_id = a.id), 0) AS BIGINT),
       CAST(COALESCE((SELECT SUM(t.amount) FROM ledger_transfer t WHERE t.credit_id = a.id), 0) AS BIGINT),
       0, 0
  FROM ledger_account a;

-- Transfers that wait for their place in the journal: written with the transfer, taken by a job.
CREATE TABLE ledger_unchained (
    transfer_id BIGINT PRIMARY KEY REFERENCES ledger_transfer (id)
);

INSERT INTO ledger_unchained (transfer_id) SELECT id FROM ledger_transfer;

-- The chain: each hash is made of the one before and of the transfer.
CREATE TABLE ledger_journal (
    place BIGINT PRIMARY KEY CHECK (place > 0),
    transfer_id BIGINT NOT NULL UNIQUE REFERENCES ledger_transfer (id),
    hash TEXT NOT NULL
);

-- What each look through the books found.
CREATE TABLE ledger_audit (
    id BIGINT PRIMARY KEY,
    ended_at BIGINT NOT NULL, -- ms UTC
    sound BIGINT NOT NULL CHECK (sound IN (0, 1)),
    report TEXT NOT NULL -- JSON
);
