INSERT INTO dash.learning_sightings (learning_id, run_id, error)
VALUES (%(learning_id)s, %(run_id)s, %(error)s)
ON CONFLICT DO NOTHING
