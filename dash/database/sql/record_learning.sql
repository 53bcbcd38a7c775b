WITH added AS (
    INSERT INTO dash.learnings (learning_id, key, owner, content, check_sql, author)
    VALUES (%(learning_id)s, %(key)s, %(owner)s, CAST(%(content)s AS jsonb), %(check_sql)s, %(author)s)
    ON CONFLICT DO NOTHING
    RETURNING learning_id
)
SELECT learning_id FROM added
UNION ALL
SELECT learning_id FROM dash.learnings WHERE key = %(key)s
LIMIT 1
