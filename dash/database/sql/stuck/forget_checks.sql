-- Some of the oldest checks before a moment, with their tickets: always from the first one on, so that those that stay
-- follow each other, and never the last two. LEAST leaves out what is NULL.
WITH kept AS (
    SELECT LEAST(
        (SELECT min(check_id) FROM dash.stuck_checks WHERE checked_at >= %(before)s),
        (SELECT check_id FROM dash.stuck_checks ORDER BY check_id DESC OFFSET 1 LIMIT 1)
    ) AS check_id
), old AS (
    SELECT check_id FROM dash.stuck_checks
    WHERE check_id < (SELECT check_id FROM kept)
    ORDER BY check_id
    LIMIT %(most)s
), tickets AS (
    DELETE FROM dash.stuck_tickets WHERE check_id IN (SELECT check_id FROM old)
), cleared AS (
    DELETE FROM dash.stuck_cleared WHERE check_id IN (SELECT check_id FROM old)
)
DELETE FROM dash.stuck_checks WHERE check_id IN (SELECT check_id FROM old) RETURNING check_id
