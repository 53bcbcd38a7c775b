-- A question can end because nobody wanted to wait for its answer.
ALTER TABLE dash.run_outcomes DROP CONSTRAINT run_outcomes_outcome_check;
ALTER TABLE dash.run_outcomes ADD CONSTRAINT run_outcomes_outcome_check
    CHECK (outcome IN ('answered', 'clarification', 'declined', 'error', 'cancelled'));

-- Grain: one row per thing that a person said of an answer; the latest verdict of a person counts, and every one stays.
CREATE TABLE dash.feedback (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id      text NOT NULL REFERENCES dash.runs (run_id),
    given_by    text NOT NULL,
    verdict     text NOT NULL CHECK (verdict IN ('good', 'bad', 'withdrawn')),
    correction  text CHECK (correction IN ('meant', 'right', 'other')),  -- NULL: the verdict alone
    said        text NOT NULL,                                           -- the question meant, the number, the words
    note        text NOT NULL,
    learning_id text REFERENCES dash.learnings (learning_id),            -- what became of it; NULL: nothing yet
    given_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON dash.feedback (run_id, id DESC);

-- Grain: one row per naming of an answer that somebody keeps; the latest of each run and owner counts. NULL: not kept.
CREATE TABLE dash.saved_answers (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id   text NOT NULL REFERENCES dash.runs (run_id),
    owner    text NOT NULL,
    name     text,
    saved_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON dash.saved_answers (owner, run_id, id DESC);

-- Grain: one row per hiding of a thread from its owner's list, or bringing back; a later question brings it back too.
CREATE TABLE dash.thread_hidings (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    thread_id text NOT NULL REFERENCES dash.threads (thread_id),
    hidden    boolean NOT NULL,
    decided_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON dash.thread_hidings (thread_id, id DESC);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.feedback EXECUTE FUNCTION dash.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.saved_answers EXECUTE FUNCTION dash.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.thread_hidings EXECUTE FUNCTION dash.refuse_change();
