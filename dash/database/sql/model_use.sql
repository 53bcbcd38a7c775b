-- What was used, by day of the zone, viewer and model, the newest day first.
SELECT CAST(timezone(CAST(%(zone)s AS text), at) AS date) AS day,
       viewer,
       model,
       count(*) AS calls,
       count(*) FILTER (WHERE outcome <> 'ok') AS failed,
       count(DISTINCT run_id) AS questions,
       CAST(sum(input_tokens) AS bigint) AS input_tokens,
       CAST(sum(output_tokens) AS bigint) AS output_tokens,
       bool_or(estimated) AS estimated,
       CAST(sum(cost_usd) AS double precision) AS cost_usd,
       count(*) FILTER (WHERE cost_usd IS NULL AND input_tokens + output_tokens > 0) AS unpriced
FROM dash.model_calls
WHERE (CAST(%(since)s AS timestamptz) IS NULL OR at >= %(since)s)
  AND (CAST(%(viewer)s AS text) IS NULL OR viewer = %(viewer)s)
  AND (CAST(%(model)s AS text) IS NULL OR model = %(model)s)
GROUP BY day, viewer, model
ORDER BY day DESC, cost_usd DESC NULLS LAST, viewer, model
