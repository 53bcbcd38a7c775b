CREATE FUNCTION dash.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'dash.% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
REVOKE EXECUTE ON FUNCTION dash.refuse_change() FROM PUBLIC;

-- Grain: one row per conversation of a person with the product.
CREATE TABLE dash.threads (
    thread_id  text PRIMARY KEY,
    owner      text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON dash.threads (owner, started_at DESC);

-- Grain: one row per naming of a thread; the latest counts.
CREATE TABLE dash.thread_titles (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    thread_id text NOT NULL REFERENCES dash.threads (thread_id),
    title     text NOT NULL,
    named_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON dash.thread_titles (thread_id, id DESC);

-- Grain: one row per question, written before anything is done about it.
CREATE TABLE dash.runs (
    run_id    text PRIMARY KEY,
    position  bigint GENERATED ALWAYS AS IDENTITY UNIQUE,  -- the order of asking
    thread_id text NOT NULL REFERENCES dash.threads (thread_id),
    asked_by  text NOT NULL,
    question  text NOT NULL,
    now       timestamptz NOT NULL,                        -- the moment that the question is about
    zone      text NOT NULL,
    asked_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON dash.runs (thread_id, position);

-- Grain: one row per finished run. A run without one was interrupted.
CREATE TABLE dash.run_outcomes (
    run_id      text PRIMARY KEY REFERENCES dash.runs (run_id),
    outcome     text NOT NULL CHECK (outcome IN ('answered', 'clarification', 'declined', 'error')),
    answer      jsonb NOT NULL,                            -- as the person got it
    record      jsonb NOT NULL,                            -- how it came about
    finished_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.threads EXECUTE FUNCTION dash.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.thread_titles EXECUTE FUNCTION dash.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.runs EXECUTE FUNCTION dash.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.run_outcomes EXECUTE FUNCTION dash.refuse_change();
