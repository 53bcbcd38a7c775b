-- <query name>escalation_reasons</query name>
-- <query description>
-- Why live chats were handed over to a person. Grain: one row per reason.
-- </query description>
-- <query questions>
-- - Why are chats escalated?
-- - "Why are chats escalated {period}?"
-- - Escalation reasons
-- - "Escalation reasons {period}"
-- - Reasons for escalation
-- - "Reasons for escalation {period}"
-- - What are the reasons for escalations?
-- - "What are the reasons for escalations {period}?"
-- - What is the main reason for escalation?
-- - "What is the main reason for escalation {period}?"
-- - Why do chats get handed over to people?
-- - "Why do chats get handed over to people {period}?"
-- - Почему чаты эскалируются?
-- - "Почему чаты эскалируются {period}?"
-- - Причины эскалации
-- - "Причины эскалации {period}"
-- - Какие причины эскалаций?
-- - "Какие причины эскалаций {period}?"
-- - Какая главная причина эскалации?
-- - "Какая главная причина эскалации {period}?"
-- - Почему чаты передают человеку?
-- - "Почему чаты передают человеку {period}?"
-- - Почему эскалируют чаты?
-- - "Почему эскалируют чаты {period}?"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- escalation_reason: {label: {en: Reason, ru: Причина}, unit: text, role: dimension, dimension: escalation_reason}
-- conversations: {label: {en: Escalated, ru: Эскалировано}, unit: count, role: metric, better: lower}
-- share: {label: {en: Share, ru: Доля}, unit: percent, role: share}
-- turns: {label: {en: Customer messages, ru: Реплик клиента}, unit: number, role: metric}
-- cost_per_chat: {label: {en: Cost per chat, ru: На чат}, unit: usd, role: metric, better: lower}
-- </query columns>
-- <query headline>
-- en: "Main reason for escalation {period.period}: “{first.escalation_reason}”, {first.conversations} of {sum.conversations} ({first.share})."
-- ru: "Главная причина эскалации {period.period}: «{first.escalation_reason}», {first.conversations} из {sum.conversations} ({first.share})."
-- es: "Motivo principal de escalación {period.period}: «{first.escalation_reason}», {first.conversations} de {sum.conversations} ({first.share})."
-- fr: "Principal motif d'escalade {period.period} : « {first.escalation_reason} », {first.conversations} sur {sum.conversations} ({first.share})."
-- he: "סיבת ההסלמה העיקרית {period.period}: „{first.escalation_reason}”, {first.conversations} מתוך {sum.conversations} ({first.share})."
-- </query headline>
-- <query empty>
-- en: "No chat was escalated {period.period}."
-- ru: "Эскалаций {period.period} не было."
-- es: "No se escaló ningún chat {period.period}."
-- fr: "Aucun chat n'a été escaladé {period.period}."
-- he: "אף צ'אט לא הוסלם {period.period}."
-- </query empty>
-- <query chart>
-- {kind: bar, x: escalation_reason, y: [conversations]}
-- </query chart>
-- <query metrics>
-- [escalated_conversations]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Escalation rate by category
-- - Escalation rate by AI agent
-- ru:
-- - Доля эскалаций по категориям
-- - Доля эскалаций по AI-агентам
-- </query follow_ups>
-- <query>
SELECT escalation_reason, COUNT(*) AS conversations, 100.0 * COUNT(*) / SUM(COUNT(*)) OVER () AS share,
  AVG(turn_count) AS turns, AVG(total_cost_usd) AS cost_per_chat
FROM support.conversations
WHERE resolution_type = 'escalated'
  AND (CAST(:period_start AS timestamptz) IS NULL OR started_at >= :period_start)
  AND (CAST(:period_end AS timestamptz) IS NULL OR started_at < :period_end)
GROUP BY escalation_reason
ORDER BY conversations DESC, escalation_reason
-- </query>
