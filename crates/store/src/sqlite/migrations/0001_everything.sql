-- Tenants with their tokens, catalogs and audit logs; jobs; and for each location its assets, seats, waitlists,
-- requests, users, full reads, leases and notifications.
--
-- The first column of every key is the tenant, or a location or pool that belongs to one.
-- A time that SQL compares is a number of microseconds since 1970, UTC. Any other time is text as RFC 3339.
-- Documents are JSON as text. The id of an app is text, because it needs 64 bits without a sign.

CREATE TABLE tenants (
    tenant TEXT NOT NULL PRIMARY KEY,
    -- The number of transactions so far.
    transactions BIGINT NOT NULL,
    -- The highest generation of a completed job. A job that is enqueued anew continues from it, so that no generation
    -- comes back.
    completed_generation BIGINT NOT NULL
);

CREATE TABLE tokens (
    location TEXT NOT NULL PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenants (tenant),
    folded_name TEXT NOT NULL,
    location_detail TEXT NOT NULL,
    organization TEXT NOT NULL,
    settings TEXT NOT NULL,
    condition TEXT NOT NULL,
    generation BIGINT NOT NULL,
    uploaded_at TEXT NOT NULL,
    last_sync TEXT,
    -- The envelope of the secret as base64.
    sealed_secret TEXT NOT NULL,
    secret_generation BIGINT NOT NULL,
    UNIQUE (tenant, folded_name)
);

CREATE TABLE apps (
    tenant TEXT NOT NULL REFERENCES tenants (tenant),
    adam_id TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant, adam_id)
);

CREATE TABLE admissions (
    location TEXT NOT NULL REFERENCES tokens (location) ON DELETE CASCADE,
    adam_id TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (location, adam_id)
);

CREATE TABLE pools (
    location TEXT NOT NULL REFERENCES tokens (location) ON DELETE CASCADE,
    adam_id TEXT NOT NULL,
    pricing_param TEXT NOT NULL,
    document TEXT NOT NULL,
    -- The name of the pool in the narrow rows of seats and waitlist entries.
    number BIGINT NOT NULL UNIQUE,
    PRIMARY KEY (location, adam_id, pricing_param)
);

-- Without a reference to tenants, because a job may be enqueued before a tenant's first transaction.
CREATE TABLE jobs (
    tenant TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    location TEXT,
    due_at BIGINT NOT NULL,
    generation BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    PRIMARY KEY (tenant, kind, subject)
);

CREATE INDEX jobs_by_time ON jobs (due_at, tenant, kind, subject);

CREATE INDEX jobs_by_location ON jobs (tenant, location);

CREATE TABLE audit (
    tenant TEXT NOT NULL REFERENCES tenants (tenant),
    transaction_number BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    written_at TEXT NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    PRIMARY KEY (tenant, transaction_number, entry)
);

-- There may be millions of seats, so their rows are narrow: a number names the pool, codes stand for the desired and
-- the observed state, and only what is under way is a document.
--
-- A holder is `d` with a serial number or `u` with a user id, so that devices come before users, each in the order of
-- their ids.
CREATE TABLE seats (
    pool BIGINT NOT NULL REFERENCES pools (number) ON DELETE CASCADE,
    holder TEXT NOT NULL,
    desired TEXT NOT NULL,
    observed TEXT NOT NULL,
    -- The next action, to search by; NULL for nearly all seats.
    next_action TEXT,
    -- In microseconds since 1970, rounded up: a touch must never seem earlier than it was.
    touched_at BIGINT NOT NULL,
    -- Progress, fence and tries; NULL when the seat is idle, without a fence and without tries.
    under_way TEXT,
    PRIMARY KEY (pool, holder)
) WITHOUT ROWID;

CREATE INDEX seats_by_next_action ON seats (pool, next_action, touched_at, holder) WHERE next_action IS NOT NULL;

CREATE TABLE waitlist (
    pool BIGINT NOT NULL REFERENCES pools (number) ON DELETE CASCADE,
    holder TEXT NOT NULL,
    -- In microseconds since 1970, rounded up: a touch must never seem earlier than it was.
    since BIGINT NOT NULL,
    PRIMARY KEY (pool, holder)
) WITHOUT ROWID;

CREATE INDEX waitlist_by_time ON waitlist (pool, since, holder);

CREATE TABLE requests (
    location TEXT NOT NULL REFERENCES tokens (location) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    -- 1 while the request awaits an answer, else 0.
    open BIGINT NOT NULL,
    -- The event of a request that Apple accepted and that is not settled, to find the request of a notification.
    event_id TEXT,
    document TEXT NOT NULL,
    PRIMARY KEY (location, number)
);

CREATE INDEX requests_open ON requests (location, number) WHERE open = 1;

CREATE TABLE vpp_users (
    location TEXT NOT NULL REFERENCES tokens (location) ON DELETE CASCADE,
    client_user_id TEXT NOT NULL,
    -- 1 while Apple has to be asked about the user, else 0.
    to_do BIGINT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (location, client_user_id)
);

CREATE INDEX vpp_users_to_do ON vpp_users (location, client_user_id) WHERE to_do = 1;

CREATE TABLE location_states (
    location TEXT NOT NULL PRIMARY KEY REFERENCES tokens (location) ON DELETE CASCADE,
    document TEXT NOT NULL
);

CREATE TABLE full_read_pages (
    location TEXT NOT NULL REFERENCES tokens (location) ON DELETE CASCADE,
    page BIGINT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (location, page)
);

-- Without a reference to tokens, because epochs must strictly increase even when a token is deleted and added again.
CREATE TABLE leases (
    location TEXT NOT NULL PRIMARY KEY,
    epoch BIGINT NOT NULL,
    holder TEXT NOT NULL,
    -- In microseconds since 1970, rounded down; NULL when the lease was given back.
    until BIGINT
);

-- The ids of notifications, so that each is recorded once, and what they reported of the events of requests.
CREATE TABLE notifications (
    location TEXT NOT NULL REFERENCES tokens (location) ON DELETE CASCADE,
    notification_id TEXT NOT NULL,
    -- In microseconds since 1970, rounded down.
    received_at BIGINT NOT NULL,
    event_id TEXT,
    -- What the notification reported of the event; NULL when it reported none.
    document TEXT,
    PRIMARY KEY (location, notification_id)
);

CREATE INDEX notifications_by_time ON notifications (location, received_at);

CREATE INDEX notifications_by_event ON notifications (location, event_id) WHERE event_id IS NOT NULL;
