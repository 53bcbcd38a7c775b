-- <query name>backlog_history</query name>
-- <query description>
-- Open tickets at the end of each day: created until then and not sent until then. Exact, because only Sent leaves
-- the backlog. Grain: one row per day with tickets created or sent.
-- </query description>
-- <query questions>
-- - How has the backlog changed?
-- - "How has the backlog changed {period}?"
-- - How did the backlog change?
-- - "How did the backlog change {period}?"
-- - Backlog trend
-- - "Backlog trend {period}"
-- - Backlog by day
-- - "Backlog by day {period}"
-- - Is the backlog growing?
-- - History of the backlog
-- - "History of the backlog {period}"
-- - How has the number of open tickets changed?
-- - "How has the number of open tickets changed {period}?"
-- - Как менялся бэклог?
-- - "Как менялся бэклог {period}?"
-- - Динамика бэклога
-- - "Динамика бэклога {period}"
-- - Бэклог по дням
-- - "Бэклог по дням {period}"
-- - Растёт ли бэклог?
-- - Тренд бэклога
-- - "Тренд бэклога {period}"
-- - История бэклога
-- - "История бэклога {period}"
-- - Как менялось число открытых тикетов?
-- - "Как менялось число открытых тикетов {period}?"
-- - "evolución del backlog"
-- - "evolución del backlog {period}"
-- - "¿Cómo ha evolucionado el backlog?"
-- - "¿Cómo ha evolucionado el backlog? {period}"
-- - "évolution du backlog"
-- - "évolution du backlog {period}"
-- - "Comment le backlog a-t-il évolué ?"
-- - "Comment le backlog a-t-il évolué ? {period}"
-- - "התפתחות ה-backlog"
-- - "התפתחות ה-backlog {period}"
-- - "איך השתנה ה-backlog לאורך זמן"
-- - "איך השתנה ה-backlog לאורך זמן {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: last 30 days, description: Period}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- day: {label: {en: Day, ru: День}, unit: date, role: time}
-- open_tickets: {label: {en: Open, ru: Открыто}, unit: count, role: metric, better: lower}
-- created: {label: {en: Created, ru: Создано}, unit: count, role: metric}
-- sent: {label: {en: Sent, ru: Отправлено}, unit: count, role: metric}
-- </query columns>
-- <query headline>
-- en: "Open tickets went from {first.open_tickets} to {last.open_tickets} {period.period}: {sum.created} created, {sum.sent} sent."
-- ru: "Открытых тикетов стало {last.open_tickets} вместо {first.open_tickets} {period.period}: создано {sum.created}, отправлено {sum.sent}."
-- </query headline>
-- <query empty>
-- en: "No tickets were created or sent {period.period}."
-- ru: "Тикеты {period.period} не создавались и не отправлялись."
-- </query empty>
-- <query chart>
-- {kind: line, x: day, y: [open_tickets]}
-- </query chart>
-- <query metrics>
-- [open_tickets]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Backlog by stage and age
-- - Open tickets by category
-- ru:
-- - Бэклог по этапам и возрасту
-- - Открытые тикеты по категориям
-- </query follow_ups>
-- <query>
WITH changes AS (
  SELECT created_at AS changed_at, 1 AS created, 0 AS sent
  FROM support.support_threads_data
  UNION ALL
  SELECT sent_at, 0, 1
  FROM support.support_threads_data
  WHERE status = 'Sent'
), days AS (
  SELECT CAST(date_trunc('day', changed_at) AS date) AS day, SUM(created) AS created, SUM(sent) AS sent
  FROM changes
  WHERE changed_at <= CAST(:now AS timestamptz)
  GROUP BY 1
), backlog AS (
  -- Summed over all days before the period is cut out, so that the first day begins with the true backlog.
  SELECT day, created, sent, SUM(created - sent) OVER (ORDER BY day) AS open_tickets
  FROM days
)
SELECT day, open_tickets, created, sent
FROM backlog
WHERE (CAST(:period_start AS timestamptz) IS NULL OR day >= CAST(:period_start AS date))
  AND (CAST(:period_end AS timestamptz) IS NULL OR day < :period_end)
ORDER BY day
-- </query>
