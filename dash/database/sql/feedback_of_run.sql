SELECT run_id, given_by, verdict, correction, said, note, learning_id, given_at
FROM dash.feedback
WHERE run_id = %(run_id)s
ORDER BY id
