-- Notifications: their ids, so that none is taken twice, and what they said of the events of requests.

CREATE TABLE notifications (
    location TEXT NOT NULL REFERENCES tokens (location) ON DELETE CASCADE,
    notification_id TEXT NOT NULL,
    -- In microseconds since 1970, cut off.
    heard_at BIGINT NOT NULL,
    event_id TEXT,
    -- What it said of the event; NULL when it said nothing of one.
    document TEXT,
    PRIMARY KEY (location, notification_id)
);

CREATE INDEX notifications_by_time ON notifications (location, heard_at);

CREATE INDEX notifications_by_event ON notifications (location, event_id) WHERE event_id IS NOT NULL;

-- The event of a request that Apple accepted and that is not over. Those from before are asked for as ever.
ALTER TABLE requests ADD COLUMN event_id TEXT;
