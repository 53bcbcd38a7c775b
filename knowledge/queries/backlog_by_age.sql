-- <query name>backlog_by_age</query name>
-- <query description>
-- Open tickets as of now by stage and by age since they were created. Grain: one row per stage and age group that
-- has tickets.
-- </query description>
-- <query questions>
-- - Backlog by stage and age
-- - How old is the backlog?
-- - Age of open tickets
-- - How old are the open tickets?
-- - Show the backlog by age
-- - Open tickets by stage and age
-- - Бэклог по этапам и возрасту
-- - Возраст бэклога
-- - Возраст открытых тикетов
-- - Насколько старый бэклог?
-- - Покажи бэклог по возрасту
-- - Открытые тикеты по этапам и возрасту
-- - Сколько времени висят открытые тикеты?
-- - "backlog por antigüedad"
-- - "antigüedad de los tickets abiertos"
-- - "backlog par ancienneté"
-- - "âge des tickets ouverts"
-- - "גיל הפניות הפתוחות"
-- - "backlog לפי גיל"
-- - "tickets abiertos por antigüedad"
-- - "número de tickets abiertos por antigüedad"
-- - "tickets ouverts par ancienneté"
-- - "nombre de tickets ouverts par ancienneté"
-- - "פניות פתוחות לפי ותק"
-- </query questions>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- status: {label: {en: Stage, ru: Этап}, unit: text, role: dimension, dimension: ticket_status}
-- age: {label: {en: Age in days, ru: "Возраст, дней"}, unit: text, role: dimension}
-- tickets: {label: {en: Tickets, ru: Тикеты}, unit: count, role: metric}
-- urgent: {label: {en: High urgency, ru: Срочные}, unit: count, role: metric, better: lower}
-- </query columns>
-- <query headline>
-- en: "Open tickets: {sum.tickets}, {sum.urgent} of them of high urgency."
-- ru: "Открытых тикетов: {sum.tickets}, из них срочных {sum.urgent}."
-- </query headline>
-- <query empty>
-- en: "There are no open tickets."
-- ru: "Открытых тикетов нет."
-- </query empty>
-- <query chart>
-- {kind: stacked_bar, x: age, y: [tickets], series: status}
-- </query chart>
-- <query metrics>
-- [open_tickets]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Show stuck tickets
-- - Open tickets by category
-- - How has the backlog changed over the last 30 days?
-- ru:
-- - Покажи stuck тикеты
-- - Открытые тикеты по категориям
-- - Как менялся бэклог за последние 30 дней?
-- </query follow_ups>
-- <query>
WITH open_tickets AS (
  SELECT status, urgency,
    CASE
      WHEN created_at >= CAST(:now AS timestamptz) - INTERVAL '1 day' THEN 1
      WHEN created_at >= CAST(:now AS timestamptz) - INTERVAL '3 days' THEN 2
      WHEN created_at >= CAST(:now AS timestamptz) - INTERVAL '7 days' THEN 3
      WHEN created_at >= CAST(:now AS timestamptz) - INTERVAL '30 days' THEN 4
      ELSE 5
    END AS place
  FROM support.support_threads_data
  WHERE status <> 'Sent'
)
SELECT status, CASE place WHEN 1 THEN '< 1' WHEN 2 THEN '1–3' WHEN 3 THEN '3–7' WHEN 4 THEN '7–30' ELSE '> 30' END AS age,
  COUNT(*) AS tickets, COUNT(*) FILTER (WHERE urgency = 'high') AS urgent
FROM open_tickets
GROUP BY status, place
ORDER BY place, status
-- </query>
