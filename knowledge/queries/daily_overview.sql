-- <query name>daily_overview</query name>
-- <query description>
-- The main numbers of every day by creation of the ticket: tickets, AI-handled, resolution rate, sent,
-- unidentified, pipeline errors. Grain: one row per day.
-- </query description>
-- <query questions>
-- - Daily overview
-- - "Daily overview {period}"
-- - Overview by day
-- - "Overview by day {period}"
-- - Main numbers by day
-- - "Main numbers by day {period}"
-- - Key metrics by day
-- - "Key metrics by day {period}"
-- - What happened?
-- - "What happened {period}?"
-- - Show a summary
-- - "Show a summary {period}"
-- - Daily report
-- - "Daily report {period}"
-- - How are we doing?
-- - "How are we doing {period}?"
-- - Обзор по дням
-- - "Обзор по дням {period}"
-- - Сводка
-- - "Сводка {period}"
-- - Сводка по дням
-- - "Сводка по дням {period}"
-- - Основные показатели по дням
-- - "Основные показатели по дням {period}"
-- - Что произошло?
-- - "Что произошло {period}?"
-- - Ежедневный отчёт
-- - "Ежедневный отчёт {period}"
-- - Отчёт по дням
-- - "Отчёт по дням {period}"
-- - Как у нас дела?
-- - "Как у нас дела {period}?"
-- - "resumen diario"
-- - "resumen diario {period}"
-- - "informe diario"
-- - "informe diario {period}"
-- - "aperçu quotidien"
-- - "aperçu quotidien {period}"
-- - "rapport quotidien"
-- - "rapport quotidien {period}"
-- - "bilan quotidien"
-- - "bilan quotidien {period}"
-- - "סיכום יומי"
-- - "סיכום יומי {period}"
-- - "דוח יומי"
-- - "דוח יומי {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: last 7 days, description: Period}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- day: {label: {en: Day, ru: День}, unit: date, role: time}
-- tickets: {label: {en: Tickets, ru: Тикеты}, unit: count, role: metric}
-- ai_handled: {label: {en: AI-handled, ru: Обработано AI}, unit: count, role: metric, better: higher}
-- resolution_rate: {label: {en: Resolution rate, ru: Resolution rate}, unit: percent, role: metric, better: higher}
-- sent: {label: {en: Sent, ru: Отправлено}, unit: count, role: metric}
-- unidentified: {label: {en: Unidentified, ru: Не идентифицированы}, unit: count, role: metric, better: lower}
-- errors: {label: {en: Errors, ru: Ошибки}, unit: count, role: metric, better: lower}
-- </query columns>
-- <query headline>
-- en: "Tickets {period.period}: {sum.tickets}, of them handled by AI {sum.ai_handled} and sent {sum.sent}; pipeline errors: {sum.errors}."
-- ru: "Тикетов {period.period}: {sum.tickets}, из них обработано AI {sum.ai_handled}, отправлено {sum.sent}; ошибок pipeline: {sum.errors}."
-- </query headline>
-- <query empty>
-- en: "No tickets were created {period.period}."
-- ru: "Тикетов {period.period} нет."
-- </query empty>
-- <query chart>
-- {kind: line, x: day, y: [tickets, ai_handled]}
-- </query chart>
-- <query metrics>
-- [tickets, ai_handled_tickets, resolution_rate]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Show stuck tickets
-- - Were there errors in the pipeline in the last 24 hours?
-- ru:
-- - Покажи stuck тикеты
-- - Были ли ошибки в pipeline за последние 24 часа?
-- </query follow_ups>
-- <query>
WITH tickets AS (
  SELECT CAST(date_trunc('day', created_at) AS date) AS day, COUNT(*) AS tickets,
    COUNT(*) FILTER (WHERE status IN ('AI Answered', 'Draft Created', 'Sent')) AS ai_handled,
    COUNT(*) FILTER (WHERE status IN ('Draft Created', 'Sent')) AS resolved,
    COUNT(*) FILTER (WHERE status = 'Sent') AS sent,
    COUNT(*) FILTER (WHERE customer_id IS NULL) AS unidentified
  FROM support.support_threads_data
  WHERE (CAST(:period_start AS timestamptz) IS NULL OR created_at >= :period_start)
    AND (CAST(:period_end AS timestamptz) IS NULL OR created_at < :period_end)
  GROUP BY 1
), errors AS (
  SELECT CAST(date_trunc('day', created_at) AS date) AS day, COUNT(*) AS errors
  FROM support.ai_agent_tasks
  WHERE status = 'failed'
    AND (CAST(:period_start AS timestamptz) IS NULL OR created_at >= :period_start)
    AND (CAST(:period_end AS timestamptz) IS NULL OR created_at < :period_end)
  GROUP BY 1
)
SELECT tickets.day, tickets.tickets, tickets.ai_handled,
  100.0 * tickets.resolved / NULLIF(tickets.ai_handled, 0) AS resolution_rate,
  tickets.sent, tickets.unidentified, COALESCE(errors.errors, 0) AS errors
FROM tickets
LEFT JOIN errors ON errors.day = tickets.day
ORDER BY tickets.day
-- </query>
