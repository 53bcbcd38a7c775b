-- A job that has a schedule is off now; at most once an hour, because another instance may have it on.
INSERT INTO dash.job_schedules (job, expression, zone, seen_at)
SELECT %(job)s, 'off', %(zone)s, %(now)s
WHERE (SELECT expression FROM dash.job_schedules WHERE job = %(job)s ORDER BY id DESC LIMIT 1) <> 'off'
  AND NOT EXISTS (
    SELECT FROM dash.job_schedules
    WHERE job = %(job)s AND expression = 'off' AND seen_at > CAST(%(now)s AS timestamptz) - INTERVAL '1 hour'
  )
