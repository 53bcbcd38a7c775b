-- The tickets of a check, the longest wait first. Checks are held against each other outside: what the planner knows of
-- a check that was just written is nothing, and a join of two of them would be a guess.
SELECT ticket, stage, since, reason, level, checks, first_seen_at, facts, evidence
FROM dash.stuck_tickets
WHERE check_id = %(check_id)s
ORDER BY since, ticket
