-- Grain: one row per complete check. Its tickets are written in the same transaction, so a check that broke off is none.
CREATE TABLE dash.stuck_checks (
    check_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    previous    bigint REFERENCES dash.stuck_checks (check_id) UNIQUE,  -- NULL: the first; so no two checks follow one
    checked_at  timestamptz NOT NULL,                                   -- the moment that was judged
    definition  text NOT NULL,                                          -- a hash of what stuck meant then
    tickets     integer NOT NULL,
    counts      jsonb NOT NULL,                                         -- tickets by reason
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE UNIQUE INDEX ON dash.stuck_checks ((true)) WHERE previous IS NULL;
CREATE INDEX ON dash.stuck_checks (checked_at);

-- Grain: one row per ticket of a check.
CREATE TABLE dash.stuck_tickets (
    check_id      bigint NOT NULL REFERENCES dash.stuck_checks (check_id),
    ticket        text NOT NULL,
    stage         text NOT NULL,
    since         timestamptz NOT NULL,             -- when it came to that stage
    reason        text NOT NULL,
    level         smallint NOT NULL,                -- how many of the thresholds of worse it had passed
    checks        integer NOT NULL,                 -- checks in a row that found it like this, with this one
    first_seen_at timestamptz NOT NULL,             -- the first of them
    facts         jsonb NOT NULL,
    evidence      jsonb NOT NULL,
    PRIMARY KEY (check_id, ticket)
);
CREATE INDEX ON dash.stuck_tickets (ticket, check_id DESC);

-- Grain: one row per ticket of the check before that this check did not find like that any more.
CREATE TABLE dash.stuck_cleared (
    check_id bigint NOT NULL REFERENCES dash.stuck_checks (check_id),
    ticket   text NOT NULL,
    outcome  text NOT NULL CHECK (outcome IN ('closed', 'moved', 'gone', 'redefined')),
    stage    text,                                  -- where it stood at this check; NULL: it was gone
    PRIMARY KEY (check_id, ticket)
);

-- Grain: one row per thing that a person did about a ticket. The support data is never touched.
CREATE TABLE dash.stuck_actions (
    action_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket    text NOT NULL,
    deed      text NOT NULL CHECK (deed IN ('acknowledge', 'assign', 'note', 'snooze', 'unsnooze', 'close', 'reopen')),
    since     timestamptz NOT NULL,                 -- the standing that it was done about
    until     timestamptz,                          -- the end of a snooze; NULL: until the stage changes
    text      text,                                 -- the assignee (NULL: nobody) or the note
    by        text NOT NULL,                        -- whose it is: the name that never changes
    who       text NOT NULL,                        -- what people call them
    at        timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON dash.stuck_actions (ticket, action_id);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.stuck_checks EXECUTE FUNCTION dash.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.stuck_tickets EXECUTE FUNCTION dash.refuse_change();
CREATE INDEX ON dash.stuck_cleared (ticket, check_id DESC);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.stuck_cleared EXECUTE FUNCTION dash.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dash.stuck_actions EXECUTE FUNCTION dash.refuse_change();
