INSERT INTO dash.drift_looks (knowledge, looked_at, findings)
VALUES (%(knowledge)s, %(looked_at)s, CAST(%(findings)s AS jsonb))
