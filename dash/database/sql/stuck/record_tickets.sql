-- All tickets of a check from one text of JSON; what the check before knows of the same standing goes on.
INSERT INTO dash.stuck_tickets (check_id, ticket, stage, since, reason, level, checks, first_seen_at, facts, evidence)
SELECT %(check_id)s, t.ticket, t.stage, t.since, t.reason, t.level, coalesce(b.checks, 0) + 1,
    coalesce(b.first_seen_at, %(checked_at)s), t.facts, t.evidence
FROM jsonb_to_recordset(CAST(%(tickets)s AS jsonb)) AS t (
    ticket text, stage text, since timestamptz, reason text, level smallint, facts jsonb, evidence jsonb
)
LEFT JOIN dash.stuck_tickets b ON b.check_id = %(previous)s AND b.ticket = t.ticket AND b.since = t.since
