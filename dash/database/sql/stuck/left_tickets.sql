-- Tickets of the check before that a check did not find in the same standing.
SELECT b.ticket, b.since, c.since IS NOT NULL AS stands_anew, c.stage
FROM dash.stuck_tickets b
LEFT JOIN dash.stuck_tickets c ON c.check_id = %(check_id)s AND c.ticket = b.ticket
WHERE b.check_id = %(previous)s AND b.since IS DISTINCT FROM c.since
ORDER BY b.since, b.ticket
