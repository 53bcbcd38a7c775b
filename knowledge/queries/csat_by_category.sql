-- <query name>csat_by_category</query name>
-- <query description>
-- CSAT by category, lowest first, with its response rate (rated ÷ sent) and the share of low ratings. Grain: one
-- row per category.
-- </query description>
-- <query questions>
-- - Which categories have low CSAT?
-- - "Which categories have low CSAT {period}?"
-- - Where is CSAT low?
-- - "Where is CSAT low {period}?"
-- - CSAT by category with response rate
-- - "CSAT by category with response rate {period}"
-- - In which categories are customers least satisfied?
-- - "In which categories are customers least satisfied {period}?"
-- - Which categories get low ratings?
-- - "Which categories get low ratings {period}?"
-- - In which categories are customers least happy?
-- - "In which categories are customers least happy {period}?"
-- - Where are customers least satisfied?
-- - "Where are customers least satisfied {period}?"
-- - Where are customers unhappiest?
-- - "Where are customers unhappiest {period}?"
-- - Where are customers the least happy?
-- - "Where are customers the least happy {period}?"
-- - Which categories are rated lowest?
-- - "Which categories are rated lowest {period}?"
-- - В каких категориях низкий CSAT?
-- - "В каких категориях низкий CSAT {period}?"
-- - Где низкий CSAT?
-- - "Где низкий CSAT {period}?"
-- - CSAT по категориям с долей ответов
-- - "CSAT по категориям с долей ответов {period}"
-- - В каких категориях клиенты меньше всего довольны?
-- - "В каких категориях клиенты меньше всего довольны {period}?"
-- - В каких категориях низкие оценки?
-- - "В каких категориях низкие оценки {period}?"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- request_type: {label: {en: Category, ru: Категория}, unit: text, role: dimension, dimension: category}
-- csat: {label: {en: CSAT, ru: CSAT}, unit: score, role: metric, better: higher}
-- rated: {label: {en: Rated, ru: Оценено}, unit: count, role: metric}
-- sent: {label: {en: Sent, ru: Отправлено}, unit: count, role: metric}
-- response_rate: {label: {en: Response rate, ru: Доля оценивших}, unit: percent, role: metric, better: higher}
-- low_rate: {label: {en: Rated 1 or 2, ru: Оценки 1 и 2}, unit: percent, role: metric, better: lower}
-- </query columns>
-- <query headline>
-- en: "Lowest CSAT {period.period}: “{first.request_type}”, {first.csat} (rated by {first.response_rate}); highest: “{last.request_type}”, {last.csat} (rated by {last.response_rate})."
-- ru: "Самый низкий CSAT {period.period}: «{first.request_type}», {first.csat} (оценили {first.response_rate}); самый высокий: «{last.request_type}», {last.csat} (оценили {last.response_rate})."
-- </query headline>
-- <query empty>
-- en: "No tickets were created {period.period}."
-- ru: "Тикетов {period.period} нет."
-- </query empty>
-- <query chart>
-- {kind: bar, x: request_type, y: [csat]}
-- </query chart>
-- <query metrics>
-- [csat, csat_response_rate]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - CSAT by channel
-- - Which category is the most problematic?
-- ru:
-- - CSAT по каналам
-- - Какая категория самая проблемная?
-- </query follow_ups>
-- <query>
SELECT request_type, AVG(csat_score) AS csat, COUNT(csat_score) AS rated,
  COUNT(*) FILTER (WHERE status = 'Sent') AS sent,
  100.0 * COUNT(csat_score) / NULLIF(COUNT(*) FILTER (WHERE status = 'Sent'), 0) AS response_rate,
  100.0 * COUNT(*) FILTER (WHERE csat_score <= 2) / NULLIF(COUNT(csat_score), 0) AS low_rate
FROM support.support_threads_data
WHERE (CAST(:period_start AS timestamptz) IS NULL OR created_at >= :period_start)
  AND (CAST(:period_end AS timestamptz) IS NULL OR created_at < :period_end)
GROUP BY request_type
ORDER BY csat NULLS LAST, request_type
-- </query>
