-- The latest of one person on each of these runs; what was withdrawn is not there.
SELECT run_id, given_by, verdict, correction, said, note, learning_id, given_at
FROM (
    SELECT DISTINCT ON (run_id) *
    FROM dash.feedback
    WHERE run_id = ANY(%(run_ids)s)
      AND given_by = %(given_by)s
    ORDER BY run_id, id DESC
) AS latest
WHERE verdict <> 'withdrawn'
