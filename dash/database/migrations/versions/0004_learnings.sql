-- Grain: one row per thing that was learned. Equal mistakes have equal keys, so they count up instead of piling up.
CREATE TABLE dash.learnings (
    learning_id text PRIMARY KEY,
    position    bigint GENERATED ALWAYS AS IDENTITY UNIQUE,  -- the order of learning
    key         text NOT NULL UNIQUE,
    owner       text,                                        -- the one user that it belongs to; NULL: everyone
    content     jsonb NOT NULL,                              -- what was learned, as learnings/*.yaml say it
    check_sql   text NOT NULL,                               -- one cell that must stay true; '' where there is none
    author      text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Grain: one row per run in which it was seen.
CREATE TABLE dash.learning_sightings (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    learning_id text NOT NULL REFERENCES dash.learnings (learning_id),
    run_id      text REFERENCES dash.runs (run_id),
    error       text NOT NULL,                               -- in words for people, without data values
    seen_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (learning_id, run_id)
);

-- Grain: one row per decision about it. The latest activated or retired is its status; shared gives it to everyone;
-- flagged and cleared are what its check found.
CREATE TABLE dash.learning_decisions (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    learning_id text NOT NULL REFERENCES dash.learnings (learning_id),
    decision    text NOT NULL CHECK (decision IN ('activated', 'retired', 'shared', 'flagged', 'cleared')),
    decided_by  text NOT NULL,
    note        text NOT NULL,
    decided_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON dash.learning_decisions (learning_id, id DESC);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.learnings EXECUTE FUNCTION dash.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.learning_sightings EXECUTE FUNCTION dash.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.learning_decisions EXECUTE FUNCTION dash.refuse_change();
