-- The changes of each rule's latest episode, in order.
WITH latest AS (
    SELECT DISTINCT ON (rule) rule, episode FROM dash.alert_changes ORDER BY rule, id DESC
)
SELECT c.rule, c.episode, c.state, c.value, c.changed_at
FROM dash.alert_changes c
JOIN latest USING (rule, episode)
ORDER BY c.id
