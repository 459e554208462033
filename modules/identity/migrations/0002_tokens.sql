-- The official account's access token and JS-SDK ticket, for all nodes together. Each is good for two hours at most.
CREATE TABLE wechat_token (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    expires_at_s BIGINT NOT NULL
);

-- Which node fetches a token now. A row whose end has passed holds nobody up.
CREATE TABLE wechat_lease (
    key TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until_s BIGINT NOT NULL
);
