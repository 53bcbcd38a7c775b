-- Grain: one row per attempt to run SQL for a question: the main query and the small ones beside it.
CREATE TABLE dash.query_log (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id      text NOT NULL REFERENCES dash.runs (run_id),
    role        text NOT NULL,                             -- 'main', or what the query adds to the answer
    provenance  text NOT NULL,
    sql         text NOT NULL,                             -- with a :name for each value
    parameters  jsonb NOT NULL,                            -- values that may be personal are left out
    verdict     text NOT NULL CHECK (verdict IN ('ran', 'rejected', 'failed')),
    reason      text,                                      -- the guard's rule or PostgreSQL's code
    message     text,                                      -- the sentence for people, without data values
    rows        integer,
    truncated   text,
    masked      jsonb NOT NULL,                            -- columns that were masked
    duration_ms double precision,
    logged_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON dash.query_log (run_id);
CREATE INDEX ON dash.runs (asked_at);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.query_log EXECUTE FUNCTION dash.refuse_change();
