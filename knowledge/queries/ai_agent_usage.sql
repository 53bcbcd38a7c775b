-- <query name>ai_agent_usage</query name>
-- <query description>
-- How much each AI agent takes part in live chats, and how those chats end. A conversation counts for every AI
-- agent in it. Grain: one row per AI agent.
-- </query description>
-- <query questions>
-- - Which AI agents are used most?
-- - "Which AI agents are used most {period}?"
-- - Which AI agent is used most?
-- - "Which AI agent is used most {period}?"
-- - How are the AI agents used?
-- - "How are the AI agents used {period}?"
-- - AI agents and how their chats end
-- - "AI agents and how their chats end {period}"
-- - AI agent overview
-- - "AI agent overview {period}"
-- - Overview of AI agents
-- - "Overview of AI agents {period}"
-- - Which AI agents take part in most chats?
-- - "Which AI agents take part in most chats {period}?"
-- - How do the AI agents perform?
-- - "How do the AI agents perform {period}?"
-- - AI agent performance
-- - "AI agent performance {period}"
-- - Какие AI-агенты используются чаще всего?
-- - "Какие AI-агенты используются чаще всего {period}?"
-- - Какой AI агент используется чаще всего?
-- - "Какой AI агент используется чаще всего {period}?"
-- - Как используются AI-агенты?
-- - "Как используются AI-агенты {period}?"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- ai_agent: {label: {en: AI agent, ru: AI-агент}, unit: text, role: dimension, dimension: ai_agent}
-- conversations: {label: {en: Conversations, ru: Чаты}, unit: count, role: metric}
-- share: {label: {en: Of all conversations, ru: От всех чатов}, unit: percent, role: share}
-- chat_resolution_rate: {label: {en: Chat resolution rate, ru: Доля решённых чатов}, unit: percent, role: metric, better: higher}
-- escalation_rate: {label: {en: Escalation rate, ru: Доля эскалаций}, unit: percent, role: metric, better: lower}
-- </query columns>
-- <query headline>
-- en: "Most used AI agent {period.period}: {first.ai_agent}, in {first.conversations:conversation|conversations} ({first.share})."
-- ru: "Самый частый AI-агент {period.period}: {first.ai_agent}, чатов {first.conversations} ({first.share})."
-- </query headline>
-- <query empty>
-- en: "There were no live chats {period.period}."
-- ru: "Живых чатов {period.period} не было."
-- </query empty>
-- <query caution>
-- en: "A conversation counts for each of its AI agents, so the shares add up to more than 100%."
-- ru: "Чат считается для каждого своего AI-агента, поэтому доли в сумме больше 100 %."
-- </query caution>
-- <query chart>
-- {kind: bar, x: ai_agent, y: [conversations]}
-- </query chart>
-- <query metrics>
-- [agent_usage]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Live chat overview
-- - Tool success rate by tool
-- ru:
-- - Обзор живых чатов
-- - Успешность инструментов по инструментам
-- </query follow_ups>
-- <query>
WITH chats AS (
  SELECT status, resolution_type, agents_used, COUNT(*) OVER () AS total
  FROM support.conversations
  WHERE (CAST(:period_start AS timestamptz) IS NULL OR started_at >= :period_start)
    AND (CAST(:period_end AS timestamptz) IS NULL OR started_at < :period_end)
)
SELECT agent.name AS ai_agent, COUNT(*) AS conversations, 100.0 * COUNT(*) / MAX(chats.total) AS share,
  100.0 * COUNT(*) FILTER (WHERE chats.resolution_type = 'resolved')
    / NULLIF(COUNT(*) FILTER (WHERE chats.status = 'closed'), 0) AS chat_resolution_rate,
  100.0 * COUNT(*) FILTER (WHERE chats.resolution_type = 'escalated')
    / NULLIF(COUNT(*) FILTER (WHERE chats.status = 'closed'), 0) AS escalation_rate
FROM chats
CROSS JOIN LATERAL UNNEST(chats.agents_used) AS agent (name)
GROUP BY agent.name
ORDER BY conversations DESC, agent.name
-- </query>
