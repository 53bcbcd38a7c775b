-- Grain: one row per look at the data; `knowledge` is the fingerprint of the files that it was held against.
CREATE TABLE dash.drift_looks (
    look_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    knowledge text NOT NULL,
    looked_at timestamptz NOT NULL,
    findings  jsonb NOT NULL
);
CREATE INDEX drift_looks_by_knowledge ON dash.drift_looks (knowledge, look_id DESC);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.drift_looks EXECUTE FUNCTION dash.refuse_change();
