-- Grain: one row per question from Slack that was taken lately. No history: Slack sends an event again within minutes,
-- after a day its row is dropped.
CREATE TABLE dash.slack_events (
    event_id text PRIMARY KEY,
    taken_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON dash.slack_events (taken_at);
