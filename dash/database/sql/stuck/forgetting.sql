-- Until the end of this transaction.
SELECT set_config('dash.forgetting', 'on', true)
