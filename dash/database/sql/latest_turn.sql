-- The latest turn, and what it answered if it did; a turn that nobody waited for, or that asked nothing, is as if it had
-- not been.
SELECT r.question,
       CASE WHEN o.outcome = 'answered' THEN o.answer ->> 'language' END,
       CASE WHEN o.outcome = 'answered' THEN o.record END,
       CASE WHEN o.outcome = 'answered'
             AND (o.record -> 'semantic_query' ->> 'limit' IS NOT NULL OR o.record -> 'semantic_query' ? 'having')
            THEN jsonb_path_query_array(o.answer -> 'rows', '$[0 to 10]') END
FROM dash.runs r
LEFT JOIN dash.run_outcomes o USING (run_id)
WHERE r.thread_id = %(thread_id)s
  AND r.position = (
      SELECT max(p.position)
      FROM dash.runs p
      LEFT JOIN dash.run_outcomes e USING (run_id)
      WHERE p.thread_id = %(thread_id)s
        AND e.outcome IS DISTINCT FROM 'cancelled'
        AND (e.record ->> 'idle') IS DISTINCT FROM 'true'
  )
