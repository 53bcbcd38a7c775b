SELECT decision, decided_by, note, decided_at
FROM dash.learning_decisions
WHERE learning_id = %(learning_id)s
ORDER BY id
