-- <query name>hours_saved_by_month</query name>
-- <query description>
-- Hours saved, tickets sent without a person and their share of sent tickets, by month of creation. Grain: one row
-- per month.
-- </query description>
-- <query questions>
-- - "How many hours did AI save by month {period}?"
-- - "Hours saved by month {period}"
-- - "Automation by month {period}"
-- - "Trend of hours saved by month {period}"
-- - "How much time does AI save each month {period}?"
-- - "Сэкономленные часы по месяцам {period}"
-- - "Сколько часов AI сэкономил по месяцам {period}?"
-- - "Экономия времени по месяцам {period}"
-- - "Автоматизация по месяцам {period}"
-- - "Тренд сэкономленных часов по месяцам {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: last 6 months, description: Period}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- month: {label: {en: Month, ru: Месяц}, unit: date, role: time}
-- hours_saved: {label: {en: Hours saved, ru: Сэкономлено часов}, unit: hours, role: metric, better: higher}
-- auto_sent: {label: {en: Sent without a person, ru: Отправлено без человека}, unit: count, role: metric, better: higher}
-- sent: {label: {en: Sent, ru: Отправлено}, unit: count, role: metric}
-- auto_sent_rate: {label: {en: "Sent without a person, %", ru: "Без человека, %"}, unit: percent, role: metric, better: higher}
-- </query columns>
-- <query headline>
-- en: "AI saved {sum.hours_saved} {period.period}; in the last month shown {last.hours_saved} ({last.auto_sent_rate} of sent tickets)."
-- ru: "AI сэкономил {sum.hours_saved} {period.period}; в последнем месяце {last.hours_saved} ({last.auto_sent_rate} отправленных тикетов)."
-- </query headline>
-- <query empty>
-- en: "Nothing was sent {period.period}."
-- ru: "Ничего не отправлено {period.period}."
-- </query empty>
-- <query chart>
-- {kind: bar, x: month, y: [hours_saved]}
-- </query chart>
-- <query metrics>
-- [hours_saved]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - What is the ROI of AI?
-- - Hours saved by category
-- ru:
-- - Какой ROI от AI?
-- - Сэкономленные часы по категориям
-- </query follow_ups>
-- <query>
SELECT CAST(date_trunc('month', created_at) AS date) AS month,
  COUNT(*) FILTER (WHERE assigned_to IS NULL) * 8 / 60.0 AS hours_saved,
  COUNT(*) FILTER (WHERE assigned_to IS NULL) AS auto_sent,
  COUNT(*) AS sent,
  100.0 * COUNT(*) FILTER (WHERE assigned_to IS NULL) / COUNT(*) AS auto_sent_rate
FROM support.support_threads_data
WHERE status = 'Sent'
  AND (CAST(:period_start AS timestamptz) IS NULL OR created_at >= :period_start)
  AND (CAST(:period_end AS timestamptz) IS NULL OR created_at < :period_end)
GROUP BY 1
ORDER BY month
-- </query>
