-- What was done about some tickets, in order.
SELECT action_id, ticket, deed, by, who, at, since, until, text
FROM dash.stuck_actions
WHERE ticket = ANY(%(tickets)s)
ORDER BY action_id
