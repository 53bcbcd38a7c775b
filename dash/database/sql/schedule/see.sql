-- Since when a job has the schedule that it has now; a new one is written down as seen now. Another instance's other
-- schedule changes nothing about this one. After "off" it is new again, unless the off is of this hour: then another
-- instance may have the job off for itself alone, which must not keep it from running here.
WITH known AS (
    SELECT id, seen_at FROM dash.job_schedules
    WHERE job = %(job)s AND expression = %(expression)s AND zone = %(zone)s
    ORDER BY id DESC LIMIT 1
), off AS (
    SELECT seen_at FROM dash.job_schedules
    WHERE job = %(job)s AND expression = 'off' AND id > (SELECT id FROM known)
    ORDER BY id DESC LIMIT 1
), added AS (
    INSERT INTO dash.job_schedules (job, expression, zone, seen_at)
    SELECT %(job)s, %(expression)s, %(zone)s,
           CASE WHEN (SELECT seen_at FROM off) > CAST(%(now)s AS timestamptz) - INTERVAL '1 hour'
                THEN (SELECT seen_at FROM known) ELSE %(now)s END
    WHERE NOT EXISTS (SELECT FROM known) OR EXISTS (SELECT FROM off)
    RETURNING seen_at
)
SELECT COALESCE((SELECT seen_at FROM added), (SELECT seen_at FROM known))
