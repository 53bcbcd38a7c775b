-- The last check at or before a moment; where there is none that old, the first one after it.
SELECT check_id, checked_at, previous, tickets, counts
FROM dash.stuck_checks
ORDER BY checked_at <= %(moment)s DESC,
    CASE WHEN checked_at <= %(moment)s THEN check_id END DESC,
    check_id
LIMIT 1
