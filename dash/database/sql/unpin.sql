-- Takes a pin of one's own down; one that is down already stays so.
WITH own AS (
    SELECT pin_id FROM dash.pins WHERE pin_id = %(pin_id)s AND owner = %(owner)s
), removed AS (
    INSERT INTO dash.pin_removals (pin_id)
    SELECT pin_id FROM own
    ON CONFLICT DO NOTHING
)
SELECT pin_id FROM own
