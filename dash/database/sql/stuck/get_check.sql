SELECT check_id, checked_at, previous, tickets, counts FROM dash.stuck_checks WHERE check_id = %(check_id)s
