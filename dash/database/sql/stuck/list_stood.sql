-- Since when some tickets of a check stand where they stand.
SELECT ticket, since
FROM dash.stuck_tickets
WHERE check_id = %(check_id)s AND ticket = ANY(%(tickets)s)
ORDER BY since, ticket
