-- <query name>weekly_report</query name>
-- <query description>
-- The main numbers of every week (Monday to Sunday) by creation: tickets, AI-handled, resolution rate, share sent
-- without a person, CSAT, and the mean penalty of the week's comparisons. Grain: one row per week.
-- </query description>
-- <query questions>
-- - Weekly report
-- - "Weekly report {period}"
-- - Overview by week
-- - "Overview by week {period}"
-- - Weekly summary
-- - "Weekly summary {period}"
-- - Key metrics by week
-- - "Key metrics by week {period}"
-- - Main numbers by week
-- - "Main numbers by week {period}"
-- - Недельный отчёт
-- - "Недельный отчёт {period}"
-- - Отчёт по неделям
-- - "Отчёт по неделям {period}"
-- - Сводка по неделям
-- - "Сводка по неделям {period}"
-- - Обзор по неделям
-- - "Обзор по неделям {period}"
-- - Основные показатели по неделям
-- - "Основные показатели по неделям {period}"
-- - Еженедельный отчёт
-- - "Еженедельный отчёт {period}"
-- - "informe semanal"
-- - "informe semanal {period}"
-- - "reporte semanal"
-- - "reporte semanal {period}"
-- - "resumen semanal"
-- - "resumen semanal {period}"
-- - "rapport hebdomadaire"
-- - "rapport hebdomadaire {period}"
-- - "bilan hebdomadaire"
-- - "bilan hebdomadaire {period}"
-- - "דוח שבועי"
-- - "דוח שבועי {period}"
-- - "סיכום שבועי"
-- - "סיכום שבועי {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: last 8 weeks, description: Period}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- week: {label: {en: Week, ru: Неделя}, unit: date, role: time}
-- tickets: {label: {en: Tickets, ru: Тикеты}, unit: count, role: metric}
-- ai_handled: {label: {en: AI-handled, ru: Обработано AI}, unit: count, role: metric, better: higher}
-- resolution_rate: {label: {en: Resolution rate, ru: Resolution rate}, unit: percent, role: metric, better: higher}
-- auto_sent_rate: {label: {en: "Sent without a person, %", ru: "Без человека, %"}, unit: percent, role: metric, better: higher}
-- csat: {label: {en: CSAT, ru: CSAT}, unit: score, role: metric, better: higher}
-- penalty: {label: {en: Mean penalty, ru: Средний penalty}, unit: score, role: metric, better: lower}
-- </query columns>
-- <query headline>
-- en: "The last week of the period has {last.tickets:ticket|tickets}, a resolution rate of {last.resolution_rate} and a mean penalty of {last.penalty}."
-- ru: "В последней неделе периода тикетов {last.tickets}, resolution rate {last.resolution_rate}, средний penalty {last.penalty}."
-- </query headline>
-- <query empty>
-- en: "No tickets were created {period.period}."
-- ru: "Тикетов {period.period} нет."
-- </query empty>
-- <query chart>
-- {kind: line, x: week, y: [resolution_rate]}
-- </query chart>
-- <query metrics>
-- [resolution_rate, csat, penalty_score]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Which category is the most problematic?
-- - Which categories are ready for auto-send?
-- ru:
-- - Какая категория самая проблемная?
-- - Какие категории готовы к auto-send?
-- </query follow_ups>
-- <query>
WITH tickets AS (
  SELECT CAST(date_trunc('week', created_at) AS date) AS week, COUNT(*) AS tickets,
    COUNT(*) FILTER (WHERE status IN ('AI Answered', 'Draft Created', 'Sent')) AS ai_handled,
    COUNT(*) FILTER (WHERE status IN ('Draft Created', 'Sent')) AS resolved,
    COUNT(*) FILTER (WHERE status = 'Sent') AS sent,
    COUNT(*) FILTER (WHERE status = 'Sent' AND assigned_to IS NULL) AS auto_sent,
    AVG(csat_score) AS csat
  FROM support.support_threads_data
  WHERE (CAST(:period_start AS timestamptz) IS NULL OR created_at >= :period_start)
    AND (CAST(:period_end AS timestamptz) IS NULL OR created_at < :period_end)
  GROUP BY 1
), quality AS (
  SELECT CAST(date_trunc('week', compared_at) AS date) AS week,
    AVG(CAST(NULLIF(penalty_score, '') AS numeric)) AS penalty
  FROM support.ai_human_comparison
  WHERE (CAST(:period_start AS timestamptz) IS NULL OR compared_at >= :period_start)
    AND (CAST(:period_end AS timestamptz) IS NULL OR compared_at < :period_end)
  GROUP BY 1
)
SELECT tickets.week, tickets.tickets, tickets.ai_handled,
  100.0 * tickets.resolved / NULLIF(tickets.ai_handled, 0) AS resolution_rate,
  100.0 * tickets.auto_sent / NULLIF(tickets.sent, 0) AS auto_sent_rate,
  tickets.csat, quality.penalty
FROM tickets
LEFT JOIN quality ON quality.week = tickets.week
ORDER BY tickets.week
-- </query>
