-- A session that only looks, within a time, and writes moments and intervals in one way.
SELECT set_config('transaction_read_only', 'on', true),
       set_config('statement_timeout', %(timeout)s, true),
       set_config('lock_timeout', '2000', true),
       set_config('timezone', 'UTC', true),
       set_config('datestyle', 'ISO, MDY', true),
       set_config('intervalstyle', 'postgres', true),
       set_config('extra_float_digits', '0', true)
