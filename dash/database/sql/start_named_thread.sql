INSERT INTO dash.threads (thread_id, owner) VALUES (%(thread_id)s, %(owner)s) ON CONFLICT (thread_id) DO NOTHING
