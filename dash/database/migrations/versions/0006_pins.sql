-- Grain: one row per answer that a person pinned to the board. The answer itself is the run's.
CREATE TABLE dash.pins (
    pin_id    text PRIMARY KEY,
    position  bigint GENERATED ALWAYS AS IDENTITY UNIQUE,  -- the order of pinning
    run_id    text NOT NULL REFERENCES dash.runs (run_id),
    owner     text NOT NULL,
    title     text,                                        -- NULL: the question is its title
    pinned_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON dash.pins (owner, position);

-- Grain: one row per pin that was taken down; pinning the answer again makes a new pin.
CREATE TABLE dash.pin_removals (
    pin_id     text PRIMARY KEY REFERENCES dash.pins (pin_id),
    removed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Grain: one row per arranging of a person's pins; the latest counts, and pins that it does not name come last.
CREATE TABLE dash.pin_arrangements (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner       text NOT NULL,
    pin_ids     text[] NOT NULL,
    arranged_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON dash.pin_arrangements (owner, id DESC);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.pins EXECUTE FUNCTION dash.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.pin_removals EXECUTE FUNCTION dash.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.pin_arrangements
    EXECUTE FUNCTION dash.refuse_change();
