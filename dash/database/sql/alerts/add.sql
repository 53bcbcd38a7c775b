INSERT INTO dash.alert_changes (rule, episode, state, value, changed_at)
VALUES (%(rule)s, %(episode)s, %(state)s, %(value)s, %(changed_at)s)
