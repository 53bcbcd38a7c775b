-- What was used since midnight of the zone: by one viewer, and by everybody.
SELECT CAST(COALESCE(sum(input_tokens + output_tokens) FILTER (WHERE viewer = %(viewer)s), 0) AS bigint) AS viewer_tokens,
       CAST(COALESCE(sum(cost_usd) FILTER (WHERE viewer = %(viewer)s), 0) AS double precision) AS viewer_usd,
       CAST(COALESCE(sum(input_tokens + output_tokens), 0) AS bigint) AS day_tokens,
       CAST(COALESCE(sum(cost_usd), 0) AS double precision) AS day_usd
FROM dash.model_calls
WHERE at >= date_trunc('day', clock_timestamp(), CAST(%(zone)s AS text))
