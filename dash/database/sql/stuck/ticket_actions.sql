SELECT action_id, ticket, deed, by, who, at, since, until, text FROM dash.stuck_actions WHERE ticket = %(ticket)s ORDER BY action_id
