SELECT o.vetted_query, count(*) AS times, count(DISTINCT r.asked_by) AS people, max(r.asked_at) AS last_asked_at
FROM dash.run_outcomes o
JOIN dash.runs r USING (run_id)
WHERE o.vetted_query IS NOT NULL
  AND o.outcome = 'answered'
  AND r.asked_by <> ALL (%(not_people)s)
GROUP BY o.vetted_query
