-- Which vetted query answered: read for every query of the catalogue, so it is not looked up in each whole record.
ALTER TABLE dash.run_outcomes ADD COLUMN vetted_query text GENERATED ALWAYS AS (record ->> 'vetted_query') STORED;
CREATE INDEX ON dash.run_outcomes (vetted_query) WHERE vetted_query IS NOT NULL;

-- Grain: one row per state of a query's file that somebody is writing; the latest of a draft counts, and one without a
-- text was discarded.
CREATE TABLE dash.query_drafts (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    draft_id text NOT NULL,
    owner    text NOT NULL,
    text     text,
    saved_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON dash.query_drafts (owner, draft_id, id DESC);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.query_drafts EXECUTE FUNCTION dash.refuse_change();
