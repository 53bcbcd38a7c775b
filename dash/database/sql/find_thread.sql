SELECT thread_id FROM dash.threads WHERE thread_id = %(thread_id)s
  AND (%(owner)s::text IS NULL OR owner = %(owner)s)
