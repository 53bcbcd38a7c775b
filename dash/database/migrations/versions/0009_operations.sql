-- Grain: one row per try to send one message to one target, written before anything is sent. The address of a target
-- is a secret and is not here: target_digest tells targets apart, target_name is what people call it.
CREATE TABLE dash.deliveries (
    delivery_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message       text NOT NULL,                        -- what it is about: "stuck:…", "weekly:2026-W47", "alert:…"
    target_name   text NOT NULL,
    target_digest text NOT NULL,
    attempt       integer NOT NULL,                     -- 1, 2, 3 … of this message to this target
    begun_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (message, target_digest, attempt)            -- two senders cannot both make the same try
);
CREATE INDEX ON dash.deliveries (begun_at);

-- Grain: one row per try that ended. A try without one is on its way, or ended with its process: nobody knows then.
CREATE TABLE dash.delivery_results (
    delivery_id bigint PRIMARY KEY REFERENCES dash.deliveries (delivery_id),
    outcome     text NOT NULL CHECK (outcome IN ('sent', 'failed', 'refused', 'uncertain')),
    reason      text,                                   -- ours; never the receiver's own words
    ended_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Grain: one row per job and schedule that it was given; what lies before is not caught up.
CREATE TABLE dash.job_schedules (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job        text NOT NULL,
    expression text NOT NULL,
    zone       text NOT NULL,
    seen_at    timestamptz NOT NULL                     -- when it was first seen
);
CREATE INDEX ON dash.job_schedules (job, id DESC);

-- Grain: one row per begun run of a job for one moment at which it was due.
CREATE TABLE dash.job_runs (
    job_run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job        text NOT NULL,
    due_at     timestamptz NOT NULL,
    attempt    integer NOT NULL,
    begun_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (job, due_at, attempt)
);

-- Grain: one row per run that ended.
CREATE TABLE dash.job_results (
    job_run_id bigint PRIMARY KEY REFERENCES dash.job_runs (job_run_id),
    outcome    text NOT NULL CHECK (outcome IN ('done', 'failed', 'lost')),  -- lost: its process ended before it
    summary    text NOT NULL,
    ended_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Grain: one row per change of an alert's state. An episode lasts from firing to cleared.
CREATE TABLE dash.alert_changes (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rule       text NOT NULL,
    episode    text NOT NULL,
    state      text NOT NULL CHECK (state IN ('firing', 'announced', 'cleared')),
    value      double precision NOT NULL,               -- the metric's, at that moment
    changed_at timestamptz NOT NULL
);
CREATE INDEX ON dash.alert_changes (rule, id DESC);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.deliveries EXECUTE FUNCTION dash.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.delivery_results EXECUTE FUNCTION dash.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.job_schedules EXECUTE FUNCTION dash.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.job_runs EXECUTE FUNCTION dash.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.job_results EXECUTE FUNCTION dash.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.alert_changes EXECUTE FUNCTION dash.refuse_change();
