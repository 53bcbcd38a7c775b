-- What was seen when each of these tickets last left the list, between two checks.
SELECT DISTINCT ON (ticket) ticket, outcome, stage
FROM dash.stuck_cleared
WHERE ticket = ANY(%(tickets)s) AND check_id > %(before)s AND check_id <= %(check_id)s
ORDER BY ticket, check_id DESC
