SELECT check_id, checked_at, previous, tickets, counts
FROM dash.stuck_checks
WHERE (CAST(%(since)s AS timestamptz) IS NULL OR checked_at >= %(since)s)
ORDER BY check_id DESC
LIMIT %(limit)s
