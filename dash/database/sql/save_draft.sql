INSERT INTO dash.query_drafts (draft_id, owner, text)
SELECT %(draft_id)s, %(owner)s, %(text)s
WHERE NOT EXISTS (
    SELECT FROM dash.query_drafts WHERE draft_id = %(draft_id)s AND owner <> %(owner)s
)
RETURNING id
