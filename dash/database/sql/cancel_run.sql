-- Whether there is such a run of the owner, and whether it has ended already.
WITH found AS (
    SELECT r.run_id, o.outcome
    FROM dash.runs r
    JOIN dash.threads t USING (thread_id)
    LEFT JOIN dash.run_outcomes o USING (run_id)
    WHERE r.run_id = %(run_id)s AND t.owner = %(owner)s
), cancelled AS (
    INSERT INTO dash.run_cancellations (run_id)
    SELECT run_id FROM found WHERE outcome IS NULL
    ON CONFLICT (run_id) DO NOTHING
)
SELECT outcome FROM found
