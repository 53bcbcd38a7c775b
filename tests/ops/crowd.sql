-- A crowd for measurements: a million tickets, 20,000 of them open and 5,000 of those stuck for a day to a year; two
-- messages and two tasks for each, 100,000 approvals. Every value comes from its number, so it is the same every time.
INSERT INTO support.support_threads_data
SELECT n, 'T-' || lpad(n::text, 7, '0'),
       CASE WHEN n % 1000 > 0 THEN 'C-' || (n % 200000) END, CASE WHEN n % 1000 > 0 THEN 'c' || (n % 200000) || '@example.org' END,
       'About order ORD-' || n, CASE WHEN n % 2 = 0 THEN (ARRAY['chat', 'whatsapp', 'telegram', 'facebook'])[1 + n / 2 % 4] ELSE 'email' END,
       (ARRAY['en', 'he', 'es', 'fr', 'ru'])[1 + n % 5], 'US',
       (ARRAY['cancel_subscription', 'pause_subscription', 'skip_month', 'change_frequency', 'change_address',
              'shipping_inquiry', 'damaged_item', 'payment_issue', 'general_question', 'other'])[1 + (n * 7 % 10)],
       NULL, (ARRAY['low', 'medium', 'high'])[1 + n % 3], stage, NULL, at,
       CASE WHEN stage = 'Sent' THEN at + interval '1 hour' ELSE at END,
       CASE WHEN stage = 'Sent' THEN at + interval '1 hour' END, NULL
FROM (
    SELECT n, CASE WHEN n % 200 = 0 OR n <= 15000 THEN (ARRAY['Data collected', 'AI Answered', 'Draft Created'])[1 + n / 200 % 3] ELSE 'Sent' END AS stage,
           CASE WHEN n <= 15000 AND n % 200 > 0 THEN timestamptz '2026-11-20' - n * interval '2 seconds'
                ELSE timestamptz '2026-11-18' - n * interval '30 seconds' END AS at
    FROM generate_series(1, 1000000) AS n
) AS made;

INSERT INTO support.support_dialogs
SELECT n * 2 + side, 'T-' || lpad(n::text, 7, '0'), side + 1, CASE WHEN side = 0 OR n % 7 = 0 THEN 'customer' ELSE 'ai' END, 'Somebody',
       'Where is my order ORD-' || n || '?', timestamptz '2026-11-18' - n * interval '30 seconds' + side * interval '40 seconds'
FROM generate_series(1, 1000000) AS n, generate_series(0, 1) AS side;

INSERT INTO support.ai_agent_tasks
SELECT n * 2 + step, 'T-' || lpad(n::text, 7, '0'), (ARRAY['classify', 'draft_answer'])[step + 1],
       CASE WHEN step = 1 AND n % 200 = 0 THEN (ARRAY['done', 'failed', 'running', 'done'])[1 + n / 200 % 4] ELSE 'done' END,
       CASE WHEN step = 1 AND n % 800 = 200 THEN 'rate limit reached, retry after ' || n % 60 || ' s' END, 'gpt-5.1', 400, 20, 0.0016,
       at, at + interval '1 second', CASE WHEN step = 1 AND n % 800 = 400 THEN NULL ELSE at + interval '3 seconds' END
FROM (SELECT n, step, timestamptz '2026-11-18' - n * interval '30 seconds' + step * interval '1 minute' AS at
      FROM generate_series(1, 1000000) AS n, generate_series(0, 1) AS step) AS made;

INSERT INTO support.conversations
SELECT 'T-' || lpad(n::text, 7, '0'), 'closed', 'escalated', 'policy', ARRAY['router'], 1, 900, 0.0036, at, at, at
FROM (SELECT n, timestamptz '2026-11-18' - n * interval '30 seconds' AS at FROM generate_series(2, 1000000, 2) AS n) AS made;

INSERT INTO support.active_interrupts
SELECT 'I-' || n, 'T-' || lpad(n::text, 7, '0'), 'cancel_order', '{}', at, at + interval '30 minutes',
       CASE WHEN n % 3 > 0 THEN at + interval '1 minute' END, CASE WHEN n % 3 > 0 THEN 'approved' END
FROM (SELECT n, timestamptz '2026-11-18' - n * interval '30 seconds' AS at FROM generate_series(10, 1000000, 10) AS n) AS made;
