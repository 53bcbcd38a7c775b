-- The tickets of a check, the longest wait first, beside the level that the earlier check knew of the same standing.
SELECT c.ticket, c.stage, c.since, c.reason, c.level, c.checks, c.first_seen_at, c.facts, c.evidence, b.level AS level_before
FROM dash.stuck_tickets c
LEFT JOIN dash.stuck_tickets b ON b.check_id = %(before)s AND b.ticket = c.ticket AND b.since = c.since
WHERE c.check_id = %(check_id)s
ORDER BY c.since, c.ticket
