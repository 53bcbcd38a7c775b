INSERT INTO dash.stuck_readings (reader, check_id, seen_at) VALUES (%(reader)s, %(check_id)s, %(seen_at)s)
