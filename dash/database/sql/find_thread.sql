SELECT thread_id FROM dash.threads WHERE thread_id = %(thread_id)s
