-- Without a search, what was hidden and not asked in since is left out; a search looks at titles and questions of all.
SELECT t.thread_id,
       COALESCE(named.title, left(first_run.question, 200), '') AS title,
       t.started_at,
       asked.last_asked_at,
       asked.turns
FROM dash.threads t
LEFT JOIN LATERAL (
    SELECT title FROM dash.thread_titles n WHERE n.thread_id = t.thread_id ORDER BY n.id DESC LIMIT 1
) AS named ON true
LEFT JOIN LATERAL (
    SELECT question FROM dash.runs r WHERE r.thread_id = t.thread_id ORDER BY r.position LIMIT 1
) AS first_run ON true
LEFT JOIN LATERAL (
    SELECT hidden, decided_at FROM dash.thread_hidings h WHERE h.thread_id = t.thread_id ORDER BY h.id DESC LIMIT 1
) AS hiding ON true
CROSS JOIN LATERAL (
    SELECT max(r.asked_at) AS last_asked_at, count(*)::int AS turns FROM dash.runs r WHERE r.thread_id = t.thread_id
) AS asked
WHERE t.owner = %(owner)s
  AND (NOT %(with_turns)s OR asked.turns > 0)
  AND CASE
          WHEN %(search)s::text IS NULL
          THEN NOT COALESCE(hiding.hidden AND hiding.decided_at > COALESCE(asked.last_asked_at, t.started_at), false)
          ELSE position(lower(%(search)s) IN lower(COALESCE(named.title, ''))) > 0
            OR EXISTS (
                SELECT FROM dash.runs r
                WHERE r.thread_id = t.thread_id AND position(lower(%(search)s) IN lower(r.question)) > 0
            )
      END
ORDER BY COALESCE(asked.last_asked_at, t.started_at) DESC, t.thread_id
LIMIT %(limit)s
