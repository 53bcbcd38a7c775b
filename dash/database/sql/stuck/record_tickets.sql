-- All tickets of a check from one text of JSON.
INSERT INTO dash.stuck_tickets (check_id, ticket, stage, since, reason, level, checks, first_seen_at, facts, evidence)
SELECT %(check_id)s, ticket, stage, since, reason, level, checks, first_seen_at, facts, evidence
FROM jsonb_to_recordset(CAST(%(tickets)s AS jsonb)) AS t (
    ticket text, stage text, since timestamptz, reason text, level smallint, checks integer, first_seen_at timestamptz,
    facts jsonb, evidence jsonb
)
