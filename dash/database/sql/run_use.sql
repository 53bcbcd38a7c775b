-- Questions by day of the zone and person, by day, by person, and all together (NULL stands for all).
-- Latency is what the person waited for, in milliseconds; an interrupted question has none.
WITH asked AS (
    SELECT CAST(timezone(CAST(%(zone)s AS text), r.asked_at) AS date) AS day,
           r.asked_by,
           COALESCE(o.outcome, 'interrupted') AS outcome,
           CAST(o.answer -> 'timings_ms' ->> 'total' AS double precision) AS waited_ms
    FROM dash.runs r
    LEFT JOIN dash.run_outcomes o USING (run_id)
    WHERE (CAST(%(since)s AS timestamptz) IS NULL OR r.asked_at >= %(since)s)
      AND (CAST(%(asked_by)s AS text) IS NULL OR r.asked_by = %(asked_by)s)
)
SELECT day,
       asked_by,
       count(*) AS questions,
       count(*) FILTER (WHERE outcome = 'answered') AS answered,
       count(*) FILTER (WHERE outcome = 'clarification') AS asked_back,
       count(*) FILTER (WHERE outcome = 'declined') AS declined,
       count(*) FILTER (WHERE outcome = 'error') AS errors,
       count(*) FILTER (WHERE outcome = 'interrupted') AS interrupted,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY waited_ms) AS median_ms,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY waited_ms) AS p95_ms
FROM asked
GROUP BY GROUPING SETS ((day, asked_by), (day), (asked_by), ())
ORDER BY day DESC NULLS FIRST, questions DESC, asked_by
