SELECT rule, episode, state, value, changed_at FROM dash.alert_changes ORDER BY id DESC LIMIT %(limit)s
