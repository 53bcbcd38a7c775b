-- Deeds about tickets come one after another, so that each knows what the one before decided.
SELECT pg_advisory_xact_lock(hashtextextended('dash stuck deeds', 0))
