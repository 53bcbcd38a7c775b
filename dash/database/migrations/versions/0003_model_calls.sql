-- Grain: one row per request that was sent to a language model, also those that failed.
CREATE TABLE dash.model_calls (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id        text REFERENCES dash.runs (run_id),      -- NULL: not for a question
    viewer        text NOT NULL,
    at            timestamptz NOT NULL DEFAULT clock_timestamp(),
    purpose       text NOT NULL,
    model         text NOT NULL,
    input_tokens  bigint NOT NULL CHECK (input_tokens >= 0),
    output_tokens bigint NOT NULL CHECK (output_tokens >= 0),
    estimated     boolean NOT NULL,                        -- the server did not count the tokens
    cost_usd      numeric(20, 10),                         -- NULL: the model had no price
    outcome       text NOT NULL,                           -- 'ok', or why it failed
    duration_ms   double precision NOT NULL
);
CREATE INDEX ON dash.model_calls (at);
CREATE INDEX ON dash.model_calls (run_id);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.model_calls
    EXECUTE FUNCTION dash.refuse_change();
