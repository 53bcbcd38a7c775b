-- <query name>chat_trend</query name>
-- <query description>
-- Live chats by week: resolution, escalation and abandonment rates (of closed conversations) and cost. Grain: one
-- row per week.
-- </query description>
-- <query questions>
-- - Chat rates by week
-- - "Chat rates by week {period}"
-- - Live chat trend by week
-- - "Live chat trend by week {period}"
-- - Resolution, escalation and abandonment rates of chats by week
-- - "Resolution, escalation and abandonment rates of chats by week {period}"
-- - How have live chats developed?
-- - "How have live chats developed {period}?"
-- - Weekly live chat rates
-- - "Weekly live chat rates {period}"
-- - How have chat rates changed by week?
-- - "How have chat rates changed by week {period}?"
-- - Resolution, escalation and abandonment rates by week
-- - "Resolution, escalation and abandonment rates by week {period}"
-- - Тренд чатов по неделям
-- - "Тренд чатов по неделям {period}"
-- - Показатели чатов по неделям
-- - "Показатели чатов по неделям {period}"
-- - Доли решённых, эскалированных и брошенных чатов по неделям
-- - "Доли решённых, эскалированных и брошенных чатов по неделям {period}"
-- - Динамика чатов по неделям
-- - "Динамика чатов по неделям {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- week: {label: {en: Week, ru: Неделя}, unit: date, role: time}
-- conversations: {label: {en: Conversations, ru: Чаты}, unit: count, role: metric}
-- chat_resolution_rate: {label: {en: Chat resolution rate, ru: Доля решённых чатов}, unit: percent, role: metric, better: higher}
-- escalation_rate: {label: {en: Escalation rate, ru: Доля эскалаций}, unit: percent, role: metric, better: lower}
-- abandonment_rate: {label: {en: Abandonment rate, ru: Доля брошенных}, unit: percent, role: metric, better: lower}
-- cost_usd: {label: {en: Cost, ru: Стоимость}, unit: usd, role: metric, better: lower}
-- </query columns>
-- <query headline>
-- en: "Chat resolution rate in the last week shown: {last.chat_resolution_rate}, in the first: {first.chat_resolution_rate}; {sum.conversations} chats {period.period}."
-- ru: "Доля решённых чатов в последней неделе: {last.chat_resolution_rate}, в первой: {first.chat_resolution_rate}; чатов {period.period}: {sum.conversations}."
-- </query headline>
-- <query empty>
-- en: "There were no live chats {period.period}."
-- ru: "Живых чатов {period.period} не было."
-- </query empty>
-- <query chart>
-- {kind: line, x: week, y: [chat_resolution_rate, escalation_rate, abandonment_rate]}
-- </query chart>
-- <query metrics>
-- [containment_rate, escalation_rate, abandonment_rate]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Live chat overview
-- - Why are chats escalated?
-- ru:
-- - Обзор живых чатов
-- - Почему чаты эскалируются?
-- </query follow_ups>
-- <query>
SELECT CAST(date_trunc('week', started_at) AS date) AS week, COUNT(*) AS conversations,
  100.0 * COUNT(*) FILTER (WHERE resolution_type = 'resolved')
    / NULLIF(COUNT(*) FILTER (WHERE status = 'closed'), 0) AS chat_resolution_rate,
  100.0 * COUNT(*) FILTER (WHERE resolution_type = 'escalated')
    / NULLIF(COUNT(*) FILTER (WHERE status = 'closed'), 0) AS escalation_rate,
  100.0 * COUNT(*) FILTER (WHERE resolution_type = 'abandoned')
    / NULLIF(COUNT(*) FILTER (WHERE status = 'closed'), 0) AS abandonment_rate,
  SUM(total_cost_usd) AS cost_usd
FROM support.conversations
WHERE (CAST(:period_start AS timestamptz) IS NULL OR started_at >= :period_start)
  AND (CAST(:period_end AS timestamptz) IS NULL OR started_at < :period_end)
GROUP BY 1
ORDER BY week
-- </query>
