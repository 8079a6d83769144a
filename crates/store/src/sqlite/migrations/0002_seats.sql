-- Seats, requests, members and what else is remembered of the talk with Apple about a location.
--
-- There may be millions of seats, so their rows are narrow: a pool is named by a number, wishes and readings by codes,
-- and only what is under way is a document.

ALTER TABLE pools ADD COLUMN number BIGINT;

UPDATE pools SET number = rowid;

CREATE UNIQUE INDEX pools_by_number ON pools (number);

-- A holder is `d` with a serial number or `u` with a user id, so that devices come before users, each in the order of
-- their ids. The order has to be that of bytes.
CREATE TABLE seats (
    pool BIGINT NOT NULL REFERENCES pools (number) ON DELETE CASCADE,
    holder TEXT NOT NULL,
    want TEXT NOT NULL,
    seen TEXT NOT NULL,
    -- What is next, to search by; NULL when nothing is, which is so for nearly all seats.
    agenda TEXT,
    -- In microseconds since 1970, rounded up.
    touched_at BIGINT NOT NULL,
    -- Motion, fence and tries; NULL when the seat is still, without a fence and without tries.
    under_way TEXT,
    PRIMARY KEY (pool, holder)
) WITHOUT ROWID;

CREATE INDEX seats_on_agenda ON seats (pool, agenda, touched_at, holder) WHERE agenda IS NOT NULL;

CREATE TABLE waiting (
    pool BIGINT NOT NULL REFERENCES pools (number) ON DELETE CASCADE,
    holder TEXT NOT NULL,
    -- In microseconds since 1970, rounded up.
    since BIGINT NOT NULL,
    PRIMARY KEY (pool, holder)
) WITHOUT ROWID;

CREATE INDEX waiting_by_time ON waiting (pool, since, holder);

CREATE TABLE requests (
    location TEXT NOT NULL REFERENCES tokens (location) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    -- 1 while it awaits an answer, else 0.
    open BIGINT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (location, number)
);

CREATE INDEX requests_open ON requests (location, number) WHERE open = 1;

CREATE TABLE members (
    location TEXT NOT NULL REFERENCES tokens (location) ON DELETE CASCADE,
    client_user_id TEXT NOT NULL,
    -- 1 while something is to be done about him, else 0.
    to_do BIGINT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (location, client_user_id)
);

CREATE INDEX members_to_do ON members (location, client_user_id) WHERE to_do = 1;

CREATE TABLE talks (
    location TEXT NOT NULL PRIMARY KEY REFERENCES tokens (location) ON DELETE CASCADE,
    document TEXT NOT NULL
);

CREATE TABLE walk_pages (
    location TEXT NOT NULL REFERENCES tokens (location) ON DELETE CASCADE,
    page BIGINT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (location, page)
);

-- No reference to tokens: an epoch never comes back, also when the token is deleted and added again.
CREATE TABLE leases (
    location TEXT NOT NULL PRIMARY KEY,
    epoch BIGINT NOT NULL,
    talker TEXT NOT NULL,
    -- In microseconds since 1970, cut off; NULL when it was given back.
    until BIGINT
);
