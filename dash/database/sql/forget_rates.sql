DELETE FROM dash.rate_limits WHERE free_at < clock_timestamp() - interval '10 minutes'
