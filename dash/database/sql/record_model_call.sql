INSERT INTO dash.model_calls
    (run_id, viewer, purpose, model, input_tokens, output_tokens, estimated, cost_usd, outcome, duration_ms)
VALUES
    (%(run_id)s, %(viewer)s, %(purpose)s, %(model)s, %(input_tokens)s, %(output_tokens)s, %(estimated)s,
     CAST(%(cost_usd)s AS double precision), %(outcome)s, %(duration_ms)s)
