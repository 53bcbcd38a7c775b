SELECT pg_advisory_xact_lock(hashtextextended('dash stuck check', 0))
