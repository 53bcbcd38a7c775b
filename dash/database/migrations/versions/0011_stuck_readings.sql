-- Grain: one row per check that a named reader was shown (`dash stuck --as NAME`).
CREATE TABLE dash.stuck_readings (
    reading_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reader      text NOT NULL,
    check_id    bigint NOT NULL REFERENCES dash.stuck_checks (check_id),
    seen_at     timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON dash.stuck_readings (reader, reading_id DESC);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.stuck_readings EXECUTE FUNCTION dash.refuse_change();
