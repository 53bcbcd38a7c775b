-- A crowd for measurements: a million tickets, two messages and a task for each, half of them chats with a tool call,
-- and one conversation (T-0000002) of 100,000 events. Every value comes from its number, so it is the same every time.
CREATE FUNCTION pg_temp.lot(bigint, integer) RETURNS double precision IMMUTABLE LANGUAGE sql
    AS $$ SELECT (hashint8extended($1, $2) & 1073741823) / 1073741824.0 $$;

INSERT INTO support.support_threads_data
SELECT n, 'T-' || lpad(n::text, 7, '0'),
       CASE WHEN n % 10 > 0 THEN 'C-' || (n % 200000) END, CASE WHEN n % 10 > 0 THEN 'c' || (n % 200000) || '@example.org' END,
       'About order ORD-' || n, CASE WHEN n % 2 = 0 THEN (ARRAY['chat', 'whatsapp', 'telegram', 'facebook'])[1 + n / 2 % 4] ELSE 'email' END,
       (ARRAY['en', 'he', 'es', 'fr', 'ru'])[1 + n % 5], 'US',
       (ARRAY['cancel_subscription', 'pause_subscription', 'skip_month', 'change_frequency', 'change_address',
              'shipping_inquiry', 'damaged_item', 'payment_issue', 'general_question', 'other'])[1 + (n * 7 % 10)],
       NULL, 'low', 'Sent', NULL, at, at + interval '1 hour', at + interval '1 hour', NULL
FROM (SELECT n, timestamptz '2026-11-20' - n * interval '45 seconds' AS at FROM generate_series(1, 1000000) AS n) AS made;

-- Words as frequent as words are: the first are in most messages, the last in few.
INSERT INTO support.support_dialogs
SELECT n * 2 + side, 'T-' || lpad(n::text, 7, '0'), side + 1, (ARRAY['customer', 'ai'])[side + 1], 'Somebody',
       (SELECT string_agg('word' || floor(5000 * pg_temp.lot(n * 2 + side, place) ^ 4), ' ') FROM generate_series(1, 12) AS place)
           || ' ORD-' || n,
       timestamptz '2026-11-20' - n * interval '45 seconds' + side * interval '40 seconds'
FROM generate_series(1, 1000000) AS n, generate_series(0, 1) AS side;

INSERT INTO support.ai_agent_tasks
SELECT n, 'T-' || lpad(n::text, 7, '0'), 'classify', 'done', NULL, 'gpt-5.1', 400, 20, 0.0016,
       at, at + interval '1 second', at + interval '3 seconds'
FROM (SELECT n, timestamptz '2026-11-20' - n * interval '45 seconds' AS at FROM generate_series(1, 1000000) AS n) AS made;

INSERT INTO support.conversations
SELECT 'T-' || lpad(n::text, 7, '0'), 'closed', (ARRAY['resolved', 'escalated', 'abandoned'])[1 + n / 2 % 3], NULL,
       ARRAY['router', (ARRAY['order_lookup', 'order_actions', 'discount', 'retention', 'fallback'])[1 + n / 2 % 5]], 1, 900, 0.0036,
       at, at + interval '5 minutes', at + interval '10 minutes'
FROM (SELECT n, timestamptz '2026-11-20' - n * interval '45 seconds' AS at FROM generate_series(2, 1000000, 2) AS n) AS made;

INSERT INTO support.analytics_events
SELECT n, 'T-' || lpad(n::text, 7, '0'), CASE WHEN n % 40 = 0 THEN 'error' ELSE 'tool_call' END, 'retention',
       CASE WHEN n % 5000 = 0 THEN 'generate_cancel_link' ELSE (ARRAY['get_order', 'cancel_order', 'apply_discount', 'track_package'])[1 + n / 2 % 4] END,
       n % 40 > 0, 120, 0.0005, 800, CASE WHEN n % 4000 = 0 THEN 'auth' WHEN n % 40 = 0 THEN 'timeout' END,
       jsonb_build_object('arguments', jsonb_build_object('order', 'ORD-' || n)), timestamptz '2026-11-20' - n * interval '45 seconds' + interval '30 seconds'
FROM generate_series(2, 1000000, 2) AS n;

INSERT INTO support.analytics_events
SELECT 2000000 + n, 'T-0000002', CASE WHEN n % 20000 = 0 THEN 'error' WHEN n % 3 = 0 THEN 'tool_call' ELSE 'message' END, 'retention',
       CASE WHEN n % 3 = 0 THEN 'get_order' END, NULL, 100, 0.0004, 500, CASE WHEN n % 20000 = 0 THEN 'timeout' END,
       '{"arguments": {"order": "ORD-2"}, "result": {"done": true}}', timestamptz '2026-11-19' + n / 2 * interval '2 seconds'
FROM generate_series(1, 70000) AS n;

INSERT INTO support.support_dialogs
SELECT 3000000 + n, 'T-0000002', 10 + n, (ARRAY['customer', 'ai'])[1 + n % 2], 'Somebody', 'Message number ' || n || repeat(' and so on', n % 30),
       timestamptz '2026-11-19' + n * interval '3 seconds'
FROM generate_series(1, 30000) AS n;

ANALYZE support.support_threads_data, support.support_dialogs, support.ai_agent_tasks, support.conversations, support.analytics_events;
