-- <query name>hours_saved_roi</query name>
-- <query description>
-- What the AI saved and what it cost: sent tickets that nobody was assigned to × 8 minutes, beside the cost of the
-- pipeline and of live chats. Grain: one row.
-- </query description>
-- <query questions>
-- - "What is the ROI of AI: how many man-hours were saved?"
-- - "What is the ROI of AI: how many man-hours were saved {period}?"
-- - What is the ROI of AI?
-- - "What is the ROI of AI {period}?"
-- - ROI of AI
-- - "ROI of AI {period}"
-- - How many hours did AI save and what did it cost?
-- - "How many hours did AI save {period} and what did it cost?"
-- - Return on investment of AI
-- - "Return on investment of AI {period}"
-- - Is AI worth it?
-- - "Is AI worth it {period}?"
-- - AI ROI
-- - "AI ROI {period}"
-- - What is the return on AI?
-- - "What is the return on AI {period}?"
-- - Does AI pay off?
-- - "Does AI pay off {period}?"
-- - Is the AI worth its money?
-- - "Is the AI worth its money {period}?"
-- - Does the AI pay for itself?
-- - "Does the AI pay for itself {period}?"
-- - How many hours did AI save and how much did it cost?
-- - "How many hours did AI save and how much did it cost {period}?"
-- - "Какой ROI от AI: сколько человеко-часов сэкономлено?"
-- - "Какой ROI от AI: сколько человеко-часов сэкономлено {period}?"
-- - Какой ROI от AI?
-- - "Какой ROI от AI {period}?"
-- - ROI от AI
-- - "ROI от AI {period}"
-- - ROI AI
-- - "ROI AI {period}"
-- - Окупается ли AI?
-- - "Окупается ли AI {period}?"
-- - Какая отдача от AI?
-- - "Какая отдача от AI {period}?"
-- - "¿Cuál es el ROI de la IA?"
-- - "¿Cuál es el ROI de la IA? {period}"
-- - "ROI de la IA"
-- - "ROI de la IA {period}"
-- - "¿Qué retorno nos da la IA?"
-- - "¿Qué retorno nos da la IA? {period}"
-- - "¿Cuál es el ROI de la IA y cuántas horas se ahorraron?"
-- - "¿Cuál es el ROI de la IA y cuántas horas se ahorraron? {period}"
-- - "¿Compensa la IA lo que cuesta?"
-- - "¿Compensa la IA lo que cuesta? {period}"
-- - "Quel est le ROI de l'IA ?"
-- - "Quel est le ROI de l'IA ? {period}"
-- - "ROI de l'IA"
-- - "ROI de l'IA {period}"
-- - "Quel est le retour sur investissement de l'IA ?"
-- - "Quel est le retour sur investissement de l'IA ? {period}"
-- - "Quel est le ROI de l'IA et combien d'heures a-t-on gagnées ?"
-- - "Quel est le ROI de l'IA et combien d'heures a-t-on gagnées ? {period}"
-- - "מה ה-ROI של ה-AI"
-- - "מה ה-ROI של ה-AI {period}"
-- - "ROI של AI"
-- - "ROI של AI {period}"
-- - "מה ההחזר על ההשקעה ב-AI"
-- - "מה ההחזר על ההשקעה ב-AI {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- hours_saved: {label: {en: Hours saved, ru: Сэкономлено часов}, unit: hours, role: metric, better: higher}
-- auto_sent: {label: {en: Sent without a person, ru: Отправлено без человека}, unit: count, role: metric, better: higher}
-- sent: {label: {en: Sent, ru: Отправлено}, unit: count, role: metric}
-- auto_sent_rate: {label: {en: "Sent without a person, %", ru: "Без человека, %"}, unit: percent, role: metric, better: higher}
-- pipeline_cost_usd: {label: {en: Pipeline cost, ru: Стоимость pipeline}, unit: usd, role: metric, better: lower}
-- chat_cost_usd: {label: {en: Chat cost, ru: Стоимость чатов}, unit: usd, role: metric, better: lower}
-- cost_per_hour: {label: {en: Cost per hour saved, ru: Затраты на сэкономленный час}, unit: usd, role: metric, better: lower}
-- </query columns>
-- <query headline>
-- en: "AI saved {first.hours_saved} {period.period}: {first.auto_sent:ticket|tickets} sent without a person × 8 minutes. It cost {first.pipeline_cost_usd} in the pipeline and {first.chat_cost_usd} in chats, {first.cost_per_hour} per hour saved."
-- ru: "AI сэкономил {first.hours_saved} {period.period}: тикетов отправлено без человека {first.auto_sent} × 8 минут. Затраты: pipeline {first.pipeline_cost_usd}, чаты {first.chat_cost_usd}; {first.cost_per_hour} за сэкономленный час."
-- </query headline>
-- <query empty>
-- en: "Nothing was sent {period.period}."
-- ru: "Ничего не отправлено {period.period}."
-- </query empty>
-- <query chart>
-- {kind: number, y: [hours_saved]}
-- </query chart>
-- <query metrics>
-- [hours_saved, pipeline_cost, chat_cost]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - How many hours did AI save by month?
-- - Cost per ticket by category
-- ru:
-- - Сэкономленные часы по месяцам
-- - Стоимость тикета по категориям
-- </query follow_ups>
-- <query>
WITH tickets AS (
  SELECT COUNT(*) FILTER (WHERE assigned_to IS NULL) AS auto_sent, COUNT(*) AS sent
  FROM support.support_threads_data
  WHERE status = 'Sent'
    AND (CAST(:period_start AS timestamptz) IS NULL OR created_at >= :period_start)
    AND (CAST(:period_end AS timestamptz) IS NULL OR created_at < :period_end)
), pipeline AS (
  SELECT COALESCE(SUM(cost_usd), 0) AS cost_usd
  FROM support.ai_agent_tasks
  WHERE (CAST(:period_start AS timestamptz) IS NULL OR created_at >= :period_start)
    AND (CAST(:period_end AS timestamptz) IS NULL OR created_at < :period_end)
), chats AS (
  SELECT COALESCE(SUM(total_cost_usd), 0) AS cost_usd
  FROM support.conversations
  WHERE (CAST(:period_start AS timestamptz) IS NULL OR started_at >= :period_start)
    AND (CAST(:period_end AS timestamptz) IS NULL OR started_at < :period_end)
)
SELECT tickets.auto_sent * 8 / 60.0 AS hours_saved, tickets.auto_sent, tickets.sent,
  100.0 * tickets.auto_sent / NULLIF(tickets.sent, 0) AS auto_sent_rate,
  pipeline.cost_usd AS pipeline_cost_usd, chats.cost_usd AS chat_cost_usd,
  (pipeline.cost_usd + chats.cost_usd) / NULLIF(tickets.auto_sent * 8 / 60.0, 0) AS cost_per_hour
FROM tickets
CROSS JOIN pipeline
CROSS JOIN chats
-- </query>
