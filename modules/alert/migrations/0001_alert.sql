-- What the desk of a shop must hear. The words are made once, for the version that the booking had then.
CREATE TABLE alert (
    id BIGINT PRIMARY KEY,
    shop_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    booking_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    text TEXT NOT NULL,
    speech TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (booking_id, version, kind)
);
CREATE INDEX alert_shop ON alert (shop_id, id);

-- Who heard and who acknowledged.
CREATE TABLE alert_step (
    id BIGINT PRIMARY KEY,
    alert_id BIGINT NOT NULL,
    step TEXT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX alert_step_alert ON alert_step (alert_id);

-- The number of the last news of each desk.
CREATE TABLE alert_desk (
    shop_id BIGINT PRIMARY KEY,
    last BIGINT NOT NULL
);

-- The news of each desk without a gap, so that a desk that lost its line hears what it missed.
CREATE TABLE alert_news (
    shop_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    event TEXT NOT NULL,
    alert_id BIGINT,
    at BIGINT NOT NULL,
    PRIMARY KEY (shop_id, seq)
);
CREATE INDEX alert_news_at ON alert_news (at);

-- Messages through WeChat. The row is there before WeChat is asked, and its identifier is the number by which WeChat sends
-- it only once.
CREATE TABLE alert_message (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    openid TEXT NOT NULL,
    template TEXT NOT NULL,
    fields TEXT NOT NULL,
    page TEXT NOT NULL,
    until_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    msg_id TEXT,
    trouble TEXT,
    made_at BIGINT NOT NULL,
    UNIQUE (kind, subject_id, version, openid)
);
CREATE INDEX alert_message_msg ON alert_message (msg_id);

-- Pushes of WeChat that were acted upon.
CREATE TABLE alert_push (
    key TEXT PRIMARY KEY,
    at BIGINT NOT NULL
);
CREATE INDEX alert_push_at ON alert_push (at);

-- Who follows the account and who has left it, as the last push said.
CREATE TABLE alert_follower (
    openid TEXT PRIMARY KEY,
    follows BIGINT NOT NULL CHECK (follows IN (0, 1)),
    at BIGINT NOT NULL
);
