SELECT draft_id, text, saved_at
FROM (
    SELECT DISTINCT ON (draft_id) draft_id, text, saved_at, id
    FROM dash.query_drafts
    WHERE owner = %(owner)s
    ORDER BY draft_id, id DESC
) AS latest
WHERE text IS NOT NULL
ORDER BY id DESC
LIMIT 50
