-- The same deed about tickets of a check; each with the standing that the check found it in.
INSERT INTO dash.stuck_actions (ticket, deed, since, until, text, by, who, at)
SELECT ticket, %(deed)s, since, %(until)s, %(text)s, %(by)s, %(who)s, %(at)s
FROM dash.stuck_tickets
WHERE check_id = %(check_id)s AND ticket = ANY(%(tickets)s)
ORDER BY since, ticket
RETURNING ticket
