-- <query name>resolution_trend</query name>
-- <query description>
-- Resolution rate by month of creation, with the numbers behind it. Grain: one row per month.
-- </query description>
-- <query questions>
-- - "Resolution rate trend by month {period}"
-- - "Monthly resolution rate {period}"
-- - "How has the resolution rate changed by month {period}?"
-- - "Resolution rate by month {period}"
-- - "Тренд resolution rate по месяцам {period}"
-- - "Resolution rate по месяцам {period}"
-- - "Динамика resolution rate по месяцам {period}"
-- - "Как менялся resolution rate по месяцам {period}?"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: last 6 months, description: Period}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- month: {label: {en: Month, ru: Месяц}, unit: date, role: time}
-- resolution_rate: {label: {en: Resolution rate, ru: Resolution rate}, unit: percent, role: metric, better: higher}
-- resolved: {label: {en: Reached Draft Created, ru: Дошли до Draft Created}, unit: count, role: metric, better: higher}
-- ai_handled: {label: {en: AI-handled, ru: Обработано AI}, unit: count, role: metric, better: higher}
-- </query columns>
-- <query headline>
-- en: "Resolution rate by month {period.period}: {last.resolution_rate} at the end, {first.resolution_rate} at the beginning."
-- ru: "Resolution rate по месяцам {period.period}: в конце {last.resolution_rate}, в начале {first.resolution_rate}."
-- </query headline>
-- <query empty>
-- en: "No tickets were created {period.period}."
-- ru: "Тикетов {period.period} нет."
-- </query empty>
-- <query chart>
-- {kind: line, x: month, y: [resolution_rate]}
-- </query chart>
-- <query metrics>
-- [resolution_rate]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Which categories have the lowest resolution rate?
-- - How many hours did AI save by month?
-- ru:
-- - Какие категории имеют самый низкий resolution rate?
-- - Сэкономленные часы по месяцам
-- </query follow_ups>
-- <query>
SELECT CAST(date_trunc('month', created_at) AS date) AS month,
  100.0 * COUNT(*) FILTER (WHERE status IN ('Draft Created', 'Sent'))
    / NULLIF(COUNT(*) FILTER (WHERE status IN ('AI Answered', 'Draft Created', 'Sent')), 0) AS resolution_rate,
  COUNT(*) FILTER (WHERE status IN ('Draft Created', 'Sent')) AS resolved,
  COUNT(*) FILTER (WHERE status IN ('AI Answered', 'Draft Created', 'Sent')) AS ai_handled
FROM support.support_threads_data
WHERE (CAST(:period_start AS timestamptz) IS NULL OR created_at >= :period_start)
  AND (CAST(:period_end AS timestamptz) IS NULL OR created_at < :period_end)
GROUP BY 1
ORDER BY month
-- </query>
