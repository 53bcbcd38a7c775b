-- The first check at or after a moment.
SELECT check_id, checked_at, previous, tickets, counts
FROM dash.stuck_checks
WHERE checked_at >= %(moment)s
ORDER BY checked_at, check_id
LIMIT 1
