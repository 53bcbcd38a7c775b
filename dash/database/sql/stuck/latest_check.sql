SELECT check_id, checked_at, previous, tickets, counts, recorded_at FROM dash.stuck_checks ORDER BY check_id DESC LIMIT 1
