-- <query name>lowest_resolution_rate</query name>
-- <query description>
-- Categories by resolution rate, lowest first, with the numbers behind it. Grain: one row per category.
-- </query description>
-- <query questions>
-- - Which categories have the lowest resolution rate?
-- - "Which categories have the lowest resolution rate {period}?"
-- - Worst categories by resolution rate
-- - "Worst categories by resolution rate {period}"
-- - Where is the resolution rate the lowest?
-- - "Where is the resolution rate the lowest {period}?"
-- - Какие категории имеют самый низкий resolution rate?
-- - "Какие категории имеют самый низкий resolution rate {period}?"
-- - У каких категорий самый низкий resolution rate?
-- - "У каких категорий самый низкий resolution rate {period}?"
-- - Где самый низкий resolution rate?
-- - "Где самый низкий resolution rate {period}?"
-- - Худшие категории по resolution rate
-- - "Худшие категории по resolution rate {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- request_type: {label: {en: Category, ru: Категория}, unit: text, role: dimension, dimension: category}
-- resolution_rate: {label: {en: Resolution rate, ru: Resolution rate}, unit: percent, role: metric, better: higher}
-- resolved: {label: {en: Reached Draft Created, ru: Дошли до Draft Created}, unit: count, role: metric, better: higher}
-- ai_handled: {label: {en: AI-handled, ru: Обработано AI}, unit: count, role: metric, better: higher}
-- </query columns>
-- <query headline>
-- en: "Lowest resolution rate {period.period}: {first.request_type}, {first.resolution_rate}; highest: {last.request_type}, {last.resolution_rate}."
-- ru: "Самый низкий resolution rate {period.period}: {first.request_type}, {first.resolution_rate}; самый высокий: {last.request_type}, {last.resolution_rate}."
-- es: "La tasa de resolución más baja {period.period}: {first.request_type}, {first.resolution_rate}; la más alta: {last.request_type}, {last.resolution_rate}."
-- fr: "Taux de résolution le plus bas {period.period} : {first.request_type}, {first.resolution_rate} ; le plus haut : {last.request_type}, {last.resolution_rate}."
-- he: "שיעור הפתרון הנמוך ביותר {period.period}: {first.request_type}, {first.resolution_rate}; הגבוה ביותר: {last.request_type}, {last.resolution_rate}."
-- </query headline>
-- <query empty>
-- en: "No tickets were created {period.period}."
-- ru: "Тикетов {period.period} нет."
-- es: "No se crearon tickets {period.period}."
-- fr: "Aucun ticket n'a été créé {period.period}."
-- he: "לא נפתחו פניות {period.period}."
-- </query empty>
-- <query chart>
-- {kind: bar, x: request_type, y: [resolution_rate]}
-- </query chart>
-- <query metrics>
-- [resolution_rate]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Where does AI make the most mistakes?
-- - Resolution rate trend by month for the last 6 months
-- ru:
-- - Где AI ошибается чаще всего?
-- - Тренд resolution rate по месяцам за последние 6 месяцев
-- </query follow_ups>
-- <query>
SELECT request_type,
  100.0 * COUNT(*) FILTER (WHERE status IN ('Draft Created', 'Sent'))
    / NULLIF(COUNT(*) FILTER (WHERE status IN ('AI Answered', 'Draft Created', 'Sent')), 0) AS resolution_rate,
  COUNT(*) FILTER (WHERE status IN ('Draft Created', 'Sent')) AS resolved,
  COUNT(*) FILTER (WHERE status IN ('AI Answered', 'Draft Created', 'Sent')) AS ai_handled
FROM support.support_threads_data
WHERE (CAST(:period_start AS timestamptz) IS NULL OR created_at >= :period_start)
  AND (CAST(:period_end AS timestamptz) IS NULL OR created_at < :period_end)
GROUP BY request_type
ORDER BY resolution_rate, request_type
-- </query>
