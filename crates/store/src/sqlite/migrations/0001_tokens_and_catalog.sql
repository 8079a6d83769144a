-- Tokens, the catalog, pools, what is due, and the audit log.
--
-- Every key begins with the tenant, or with a location that belongs to one. Times that SQL compares are
-- microseconds since 1970, UTC; all other times are RFC 3339. Documents are JSON. Ids of apps are text, for they
-- need one bit more than a BIGINT has.

CREATE TABLE tenants (
    tenant TEXT NOT NULL PRIMARY KEY,
    turn BIGINT NOT NULL,
    -- The highest count of a due row that was settled: rows that come back count on from there.
    settled_n BIGINT NOT NULL
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
    -- The envelope of the secret, as base64.
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
    PRIMARY KEY (location, adam_id, pricing_param)
);

-- No reference to tenants: something may be due before a tenant's first turn.
CREATE TABLE due (
    tenant TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    location TEXT,
    due_at BIGINT NOT NULL,
    n BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    PRIMARY KEY (tenant, kind, subject)
);

CREATE INDEX due_by_time ON due (due_at, tenant, kind, subject);

CREATE INDEX due_by_location ON due (tenant, location);

CREATE TABLE audit (
    tenant TEXT NOT NULL REFERENCES tenants (tenant),
    turn BIGINT NOT NULL,
    n BIGINT NOT NULL,
    written_at TEXT NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    PRIMARY KEY (tenant, turn, n)
);
