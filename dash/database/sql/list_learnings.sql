SELECT
    l.learning_id,
    CASE WHEN d.shared THEN NULL ELSE l.owner END AS owner,
    l.content,
    l.check_sql,
    l.author,
    l.recorded_at,
    coalesce(s.sightings, 0) AS sightings,
    s.last_seen_at,
    coalesce(s.evidence, '[]') AS evidence,
    d.status,
    d.decided_by,
    coalesce(d.flag, '') AS flag
FROM dash.learnings l
LEFT JOIN LATERAL (
    SELECT
        count(*) AS sightings,
        max(seen_at) AS last_seen_at,
        (
            SELECT jsonb_agg(jsonb_build_object('run', e.run_id, 'question', r.question, 'error', e.error) ORDER BY e.id)
            FROM (
                SELECT id, run_id, error FROM dash.learning_sightings
                WHERE learning_id = l.learning_id
                ORDER BY id DESC
                LIMIT 3
            ) e
            LEFT JOIN dash.runs r USING (run_id)
        ) AS evidence
    FROM dash.learning_sightings
    WHERE learning_id = l.learning_id
) s ON true
LEFT JOIN LATERAL (
    SELECT
        (array_agg(decision ORDER BY id DESC) FILTER (WHERE decision IN ('activated', 'retired')))[1] AS status,
        (array_agg(decided_by ORDER BY id DESC) FILTER (WHERE decision IN ('activated', 'retired')))[1] AS decided_by,
        bool_or(decision = 'shared') AS shared,
        (array_agg(CASE decision WHEN 'flagged' THEN note ELSE '' END ORDER BY id DESC)
            FILTER (WHERE decision IN ('flagged', 'cleared')))[1] AS flag
    FROM dash.learning_decisions
    WHERE learning_id = l.learning_id
) d ON true
WHERE %(learning_id)s::text IS NULL OR l.learning_id = %(learning_id)s
ORDER BY l.position
