-- People whom the desk of a shop enters, without WeChat. A record belongs to one shop: what a caller tells one shop, another
-- does not learn. Name and phone stand here only where the person agreed to be remembered; everybody else is the one row
-- of the shop without a phone.
CREATE TABLE desk_customer (
    id BIGINT PRIMARY KEY,
    shop_id BIGINT NOT NULL,
    phone TEXT NOT NULL,
    name TEXT NOT NULL,
    agreed_at BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (shop_id, phone)
);
