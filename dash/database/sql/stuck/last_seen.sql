-- The check that a reader was shown last.
SELECT check_id, checked_at, previous, tickets, counts
FROM dash.stuck_readings
JOIN dash.stuck_checks USING (check_id)
WHERE reader = %(reader)s
ORDER BY reading_id DESC
LIMIT 1
