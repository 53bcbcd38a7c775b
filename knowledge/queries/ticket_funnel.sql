-- <query name>ticket_funnel</query name>
-- <query description>
-- How many tickets reached each stage, as a share of all tickets and of the stage before. Grain: one row per
-- stage.
-- </query description>
-- <query questions>
-- - Ticket funnel
-- - "Ticket funnel {period}"
-- - Funnel by stage
-- - "Funnel by stage {period}"
-- - How many tickets reached each stage?
-- - "How many tickets reached each stage {period}?"
-- - Pipeline funnel
-- - "Pipeline funnel {period}"
-- - At which stage do we lose tickets?
-- - "At which stage do we lose tickets {period}?"
-- - Conversion between stages
-- - "Conversion between stages {period}"
-- - Воронка тикетов
-- - "Воронка тикетов {period}"
-- - Воронка по этапам
-- - "Воронка по этапам {period}"
-- - Сколько тикетов дошло до каждого этапа?
-- - "Сколько тикетов дошло до каждого этапа {period}?"
-- - Воронка pipeline
-- - "Воронка pipeline {period}"
-- - На каком этапе мы теряем тикеты?
-- - "На каком этапе мы теряем тикеты {period}?"
-- - Funnel
-- - "Funnel {period}"
-- - Воронка
-- - "Воронка {period}"
-- - "embudo de tickets"
-- - "embudo de tickets {period}"
-- - "¿Cuántos tickets llegaron a cada etapa?"
-- - "¿Cuántos tickets llegaron a cada etapa? {period}"
-- - "entonnoir des tickets"
-- - "entonnoir des tickets {period}"
-- - "Combien de tickets ont atteint chaque étape ?"
-- - "Combien de tickets ont atteint chaque étape ? {period}"
-- - "משפך הפניות"
-- - "משפך הפניות {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- status: {label: {en: Stage, ru: Этап}, unit: text, role: dimension, dimension: ticket_status}
-- tickets: {label: {en: Tickets, ru: Тикеты}, unit: count, role: metric}
-- share: {label: {en: Of all tickets, ru: От всех тикетов}, unit: percent, role: share}
-- of_previous: {label: {en: Of the stage before, ru: От предыдущего этапа}, unit: percent, role: metric, better: higher}
-- </query columns>
-- <query headline>
-- en: "Of {first.tickets:ticket|tickets} {period.period}, {last.tickets} ({last.share}) were sent."
-- ru: "Из {first.tickets:тикета|тикетов|тикетов} {period.period} отправлено {last.tickets} ({last.share})."
-- </query headline>
-- <query empty>
-- en: "No tickets were created {period.period}."
-- ru: "Тикетов {period.period} нет."
-- </query empty>
-- <query chart>
-- {kind: bar, x: status, y: [tickets]}
-- </query chart>
-- <query metrics>
-- [tickets]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - At which stage do tickets get stuck?
-- - Resolution rate by category
-- ru:
-- - На каком этапе застревают тикеты?
-- - Resolution rate по категориям
-- </query follow_ups>
-- <query>
WITH stages AS (
  SELECT CASE status
      WHEN 'Data collected' THEN 1
      WHEN 'AI Answered' THEN 2
      WHEN 'Draft Created' THEN 3
      WHEN 'Sent' THEN 4
    END AS reached
  FROM support.support_threads_data
  WHERE (CAST(:period_start AS timestamptz) IS NULL OR created_at >= :period_start)
    AND (CAST(:period_end AS timestamptz) IS NULL OR created_at < :period_end)
), funnel AS (
  SELECT stage.place, stage.status, COUNT(*) FILTER (WHERE stages.reached >= stage.place) AS tickets
  FROM stages
  CROSS JOIN (VALUES (1, 'Data collected'), (2, 'AI Answered'), (3, 'Draft Created'), (4, 'Sent')) AS stage (place, status)
  GROUP BY stage.place, stage.status
)
SELECT status, tickets,
  100.0 * tickets / NULLIF(FIRST_VALUE(tickets) OVER (ORDER BY place), 0) AS share,
  100.0 * tickets / NULLIF(LAG(tickets) OVER (ORDER BY place), 0) AS of_previous
FROM funnel
ORDER BY place
-- </query>
