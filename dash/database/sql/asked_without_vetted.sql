SELECT
    min(coalesce(o.answer ->> 'question', r.question)) AS question,
    count(*) AS times,
    count(DISTINCT r.asked_by) AS people,
    max(r.asked_at) AS last_asked_at,
    (array_agg(r.run_id ORDER BY said.good DESC, r.position DESC))[1] AS run_id,
    (array_agg(coalesce(o.answer ->> 'provenance', o.outcome) ORDER BY said.good DESC, r.position DESC))[1] AS answered_as,
    count(*) FILTER (WHERE said.good) AS confirmed
FROM dash.runs r
JOIN dash.run_outcomes o USING (run_id)
CROSS JOIN LATERAL (
    SELECT coalesce(
        (SELECT f.verdict = 'good' FROM dash.feedback f WHERE f.run_id = r.run_id ORDER BY f.id DESC LIMIT 1), false
    ) AS good
) AS said
WHERE coalesce(o.answer ->> 'provenance', '') <> 'vetted'
  AND o.outcome NOT IN ('error', 'cancelled')
  AND r.asked_by <> ALL (%(not_people)s)
  AND NOT jsonb_exists(o.record, 'tried')
GROUP BY lower(regexp_replace(btrim(coalesce(o.answer ->> 'question', r.question), ' ?!.'), '\s+', ' ', 'g'))
ORDER BY times DESC, last_asked_at DESC
LIMIT %(limit)s
