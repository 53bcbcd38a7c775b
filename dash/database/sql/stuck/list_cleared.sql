-- Tickets of the earlier check that the later one does not have in the same standing, with what was seen when each last
-- left the list.
SELECT b.ticket, b.reason, b.stage, l.outcome, l.stage, b.since, b.checks, b.facts
FROM dash.stuck_tickets b
LEFT JOIN dash.stuck_tickets c ON c.check_id = %(check_id)s AND c.ticket = b.ticket AND c.since = b.since
CROSS JOIN LATERAL (
    SELECT outcome, stage FROM dash.stuck_cleared
    WHERE ticket = b.ticket AND check_id > b.check_id AND check_id <= %(check_id)s
    ORDER BY check_id DESC
    LIMIT 1
) l
WHERE b.check_id = %(before)s AND c.ticket IS NULL
ORDER BY b.since, b.ticket
