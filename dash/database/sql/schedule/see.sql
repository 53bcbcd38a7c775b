-- Since when a job has the schedule that it has now; a new one is written down as seen now.
WITH last AS (
    SELECT expression, zone, seen_at FROM dash.job_schedules WHERE job = %(job)s ORDER BY id DESC LIMIT 1
), added AS (
    INSERT INTO dash.job_schedules (job, expression, zone, seen_at)
    SELECT %(job)s, %(expression)s, %(zone)s, %(now)s
    WHERE NOT EXISTS (SELECT FROM last WHERE expression = %(expression)s AND zone = %(zone)s)
    RETURNING seen_at
)
SELECT COALESCE((SELECT seen_at FROM added), (SELECT seen_at FROM last))
