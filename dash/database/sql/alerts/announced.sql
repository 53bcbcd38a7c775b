-- When each rule was last announced.
SELECT rule, max(changed_at) FROM dash.alert_changes WHERE state = 'announced' GROUP BY rule
