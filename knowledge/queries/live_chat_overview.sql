-- <query name>live_chat_overview</query name>
-- <query description>
-- Live chats in one table: the first row is all conversations, then one row for each AI agent that took part, with
-- resolution, escalation and abandonment rates (of closed conversations) and cost. A conversation counts for every
-- AI agent in it.
-- </query description>
-- <query questions>
-- - Resolution, escalation and abandonment rates of live chats, cost and agent usage
-- - "Resolution, escalation and abandonment rates of live chats, cost and agent usage {period}"
-- - Live chat overview
-- - "Live chat overview {period}"
-- - Overview of live chats
-- - "Overview of live chats {period}"
-- - Resolution, escalation and abandonment rates of live chats
-- - "Resolution, escalation and abandonment rates of live chats {period}"
-- - How are the live chats doing?
-- - "How are the live chats doing {period}?"
-- - Live chat report
-- - "Live chat report {period}"
-- - Chat metrics
-- - "Chat metrics {period}"
-- - How do live chats perform?
-- - "How do live chats perform {period}?"
-- - How did live chats perform?
-- - "How did live chats perform {period}?"
-- - Chat overview
-- - "Chat overview {period}"
-- - Overview of chats
-- - "Overview of chats {period}"
-- - Summary of live chats
-- - "Summary of live chats {period}"
-- - Live chat summary
-- - "Live chat summary {period}"
-- - Chat performance
-- - "Chat performance {period}"
-- - Live chat performance
-- - "Live chat performance {period}"
-- - Live chat statistics
-- - "Live chat statistics {period}"
-- - Resolution, escalation and abandonment rates of chats
-- - "Resolution, escalation and abandonment rates of chats {period}"
-- - Give me an overview of live chats
-- - "Give me an overview of live chats {period}"
-- - Escalation, abandonment and resolution rates of live chats
-- - "Escalation, abandonment and resolution rates of live chats {period}"
-- - Доли решённых, эскалированных и брошенных чатов, стоимость и использование агентов
-- - "Доли решённых, эскалированных и брошенных чатов, стоимость и использование агентов {period}"
-- - Обзор живых чатов
-- - "Обзор живых чатов {period}"
-- - Обзор чатов
-- - "Обзор чатов {period}"
-- - Сводка по чатам
-- - "Сводка по чатам {period}"
-- - Отчёт по чатам
-- - "Отчёт по чатам {period}"
-- - Как дела в чатах?
-- - "Как дела в чатах {period}?"
-- - Resolution, escalation и abandonment rate чатов, стоимость и agent usage
-- - "Resolution, escalation и abandonment rate чатов, стоимость и agent usage {period}"
-- - Показатели чатов
-- - "Показатели чатов {period}"
-- - "resumen de los chats en vivo"
-- - "resumen de los chats en vivo {period}"
-- - "Tasas de resolución, escalamiento y abandono de los chats, coste y uso de agentes"
-- - "Tasas de resolución, escalamiento y abandono de los chats, coste y uso de agentes {period}"
-- - "aperçu des chats en direct"
-- - "aperçu des chats en direct {period}"
-- - "Taux de résolution, d'escalade et d'abandon des chats, coût et usage des agents"
-- - "Taux de résolution, d'escalade et d'abandon des chats, coût et usage des agents {period}"
-- - "סקירת הצ'אטים החיים"
-- - "סקירת הצ'אטים החיים {period}"
-- - "שיעורי פתרון, הסלמה ונטישה של צ'אטים, עלות ושימוש בסוכנים"
-- - "שיעורי פתרון, הסלמה ונטישה של צ'אטים, עלות ושימוש בסוכנים {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- ai_agent: {label: {en: AI agent, ru: AI-агент}, unit: text, role: dimension, dimension: ai_agent}
-- conversations: {label: {en: Conversations, ru: Чаты}, unit: count, role: metric}
-- chat_resolution_rate: {label: {en: Chat resolution rate, ru: Доля решённых чатов}, unit: percent, role: metric, better: higher}
-- escalation_rate: {label: {en: Escalation rate, ru: Доля эскалаций}, unit: percent, role: metric, better: lower}
-- abandonment_rate: {label: {en: Abandonment rate, ru: Доля брошенных}, unit: percent, role: metric, better: lower}
-- cost_usd: {label: {en: Cost, ru: Стоимость}, unit: usd, role: metric, better: lower}
-- </query columns>
-- <query headline>
-- en: "Live chats {period.period}: {first.conversations}. Resolved {first.chat_resolution_rate}, escalated {first.escalation_rate}, abandoned {first.abandonment_rate} of the closed ones; cost {first.cost_usd}."
-- ru: "Живых чатов {period.period}: {first.conversations}. Из закрытых решено {first.chat_resolution_rate}, эскалировано {first.escalation_rate}, брошено {first.abandonment_rate}; стоимость {first.cost_usd}."
-- </query headline>
-- <query empty>
-- en: "There were no live chats {period.period}."
-- ru: "Живых чатов {period.period} не было."
-- </query empty>
-- <query caution>
-- en: "The rows of AI agents overlap: a conversation counts for each of its agents, and its cost does too."
-- ru: "Строки AI-агентов пересекаются: чат и его стоимость учтены у каждого его агента."
-- </query caution>
-- <query chart>
-- {kind: bar, x: ai_agent, y: [conversations]}
-- </query chart>
-- <query metrics>
-- [containment_rate, escalation_rate, abandonment_rate, chat_cost, agent_usage]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Why are chats escalated?
-- - Tool success rate by tool
-- - Chat cost by channel last month
-- ru:
-- - Почему чаты эскалируются?
-- - Успешность инструментов по инструментам
-- - Стоимость чатов по каналам за прошлый месяц
-- </query follow_ups>
-- <query>
WITH chats AS (
  SELECT status, resolution_type, agents_used, total_cost_usd
  FROM support.conversations
  WHERE (CAST(:period_start AS timestamptz) IS NULL OR started_at >= :period_start)
    AND (CAST(:period_end AS timestamptz) IS NULL OR started_at < :period_end)
), parts AS (
  SELECT 'all' AS ai_agent, status, resolution_type, total_cost_usd
  FROM chats
  UNION ALL
  SELECT agent.name, chats.status, chats.resolution_type, chats.total_cost_usd
  FROM chats
  CROSS JOIN LATERAL UNNEST(chats.agents_used) AS agent (name)
)
SELECT ai_agent, COUNT(*) AS conversations,
  100.0 * COUNT(*) FILTER (WHERE resolution_type = 'resolved')
    / NULLIF(COUNT(*) FILTER (WHERE status = 'closed'), 0) AS chat_resolution_rate,
  100.0 * COUNT(*) FILTER (WHERE resolution_type = 'escalated')
    / NULLIF(COUNT(*) FILTER (WHERE status = 'closed'), 0) AS escalation_rate,
  100.0 * COUNT(*) FILTER (WHERE resolution_type = 'abandoned')
    / NULLIF(COUNT(*) FILTER (WHERE status = 'closed'), 0) AS abandonment_rate,
  SUM(total_cost_usd) AS cost_usd
FROM parts
GROUP BY ai_agent
ORDER BY (ai_agent <> 'all'), conversations DESC, ai_agent
-- </query>
