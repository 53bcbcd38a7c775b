SELECT ticket, since, checks, first_seen_at FROM dash.stuck_tickets WHERE check_id = %(check_id)s
