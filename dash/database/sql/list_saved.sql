SELECT latest.run_id, latest.name, r.question, r.thread_id, latest.saved_at
FROM (
    SELECT DISTINCT ON (run_id) run_id, name, saved_at
    FROM dash.saved_answers
    WHERE owner = %(owner)s
    ORDER BY run_id, id DESC
) AS latest
JOIN dash.runs r USING (run_id)
WHERE latest.name IS NOT NULL
ORDER BY lower(latest.name), latest.saved_at DESC
