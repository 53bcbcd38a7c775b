-- Gives a row to whoever is the first to take an event, and to nobody after that. What is older than a day is dropped;
-- rows that another process is dropping are left to it, so that the two never wait for each other.
WITH old AS (
    SELECT event_id
    FROM dash.slack_events
    WHERE taken_at < clock_timestamp() - interval '1 day'
    LIMIT 100
    FOR UPDATE SKIP LOCKED
), dropped AS (
    DELETE FROM dash.slack_events WHERE event_id IN (SELECT event_id FROM old)
)
INSERT INTO dash.slack_events (event_id)
VALUES (%(event_id)s)
ON CONFLICT (event_id) DO NOTHING
RETURNING event_id
