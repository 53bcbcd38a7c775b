-- The generic cell rate algorithm in one statement: a bucket is free again at `free_at`, each request moves that by one
-- step, and may as long as it is not further ahead than a burst. Gives the seconds to wait; 0 for "go on".
WITH taken AS (
    INSERT INTO dash.rate_limits AS kept (bucket, free_at)
    VALUES (%(bucket)s, clock_timestamp() + make_interval(secs => %(step)s))
    ON CONFLICT (bucket) DO UPDATE
        SET free_at = GREATEST(kept.free_at, clock_timestamp()) + make_interval(secs => %(step)s)
        WHERE kept.free_at <= clock_timestamp() + make_interval(secs => %(ahead)s)
    RETURNING bucket
)
SELECT CASE
           WHEN EXISTS (SELECT FROM taken) THEN 0
           ELSE GREATEST(
               %(step)s,
               (SELECT EXTRACT(EPOCH FROM free_at - clock_timestamp()) - %(ahead)s
                FROM dash.rate_limits WHERE bucket = %(bucket)s)
           )
       END::float8
