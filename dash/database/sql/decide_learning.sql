INSERT INTO dash.learning_decisions (learning_id, decision, decided_by, note)
SELECT learning_id, %(decision)s, %(decided_by)s, %(note)s
FROM dash.learnings
WHERE learning_id = %(learning_id)s
RETURNING learning_id
