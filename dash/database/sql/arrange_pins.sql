INSERT INTO dash.pin_arrangements (owner, pin_ids) VALUES (%(owner)s, %(pin_ids)s)
