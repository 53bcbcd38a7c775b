-- What was done about the tickets of some checks, in order.
SELECT a.action_id, a.ticket, a.deed, a.by, a.who, a.at, a.since, a.until, a.text
FROM dash.stuck_actions a
WHERE a.ticket IN (SELECT ticket FROM dash.stuck_tickets WHERE check_id = ANY(%(checks)s))
ORDER BY a.action_id
