INSERT INTO dash.stuck_checks (previous, checked_at, definition, tickets, counts)
VALUES (%(previous)s, %(checked_at)s, %(definition)s, %(tickets)s, CAST(%(counts)s AS jsonb))
RETURNING check_id
