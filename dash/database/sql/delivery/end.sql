INSERT INTO dash.delivery_results (delivery_id, outcome, reason)
VALUES (%(delivery_id)s, %(outcome)s, %(reason)s)
ON CONFLICT DO NOTHING
