-- The last check at or before a moment.
SELECT check_id, checked_at, previous, tickets, counts
FROM dash.stuck_checks
WHERE checked_at <= %(moment)s
ORDER BY check_id DESC
LIMIT 1
