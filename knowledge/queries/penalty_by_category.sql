-- <query name>penalty_by_category</query name>
-- <query description>
-- Penalty of AI answers by category: mean, median, 90th percentile and the share with 50 or more. Only scored
-- comparisons. Grain: one row per category.
-- </query description>
-- <query questions>
-- - Penalty distribution by category
-- - "Penalty distribution by category {period}"
-- - Penalty percentiles by category
-- - "Penalty percentiles by category {period}"
-- - Categories with high penalty
-- - "Categories with high penalty {period}"
-- - Which categories have a high penalty?
-- - "Which categories have a high penalty {period}?"
-- - Penalty quartiles by category
-- - "Penalty quartiles by category {period}"
-- - Распределение penalty по категориям
-- - "Распределение penalty по категориям {period}"
-- - Категории с высоким penalty
-- - "Категории с высоким penalty {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- request_type: {label: {en: Category, ru: Категория}, unit: text, role: dimension, dimension: category}
-- penalty: {label: {en: Mean penalty, ru: Средний penalty}, unit: score, role: metric, better: lower}
-- median_penalty: {label: {en: Median penalty, ru: Медиана penalty}, unit: score, role: metric, better: lower}
-- p90_penalty: {label: {en: 90th percentile of penalty, ru: 90-й перцентиль penalty}, unit: score, role: metric, better: lower}
-- unusable_rate: {label: {en: Penalty 50 or more, ru: Penalty 50 и выше}, unit: percent, role: metric, better: lower}
-- scored: {label: {en: Scored, ru: С оценкой}, unit: count, role: metric}
-- </query columns>
-- <query headline>
-- en: "Highest mean penalty {period.period}: {first.request_type}, {first.penalty}; lowest: {last.request_type}, {last.penalty}."
-- ru: "Самый высокий средний penalty {period.period}: {first.request_type}, {first.penalty}; самый низкий: {last.request_type}, {last.penalty}."
-- </query headline>
-- <query empty>
-- en: "There are no scored comparisons {period.period}."
-- ru: "Сравнений с оценкой {period.period} нет."
-- </query empty>
-- <query chart>
-- {kind: bar, x: request_type, y: [penalty]}
-- </query chart>
-- <query metrics>
-- [penalty_score]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Show the worst AI answers
-- - Where does AI make the most mistakes?
-- ru:
-- - Покажи худшие ответы AI
-- - Где AI ошибается чаще всего?
-- </query follow_ups>
-- <query>
WITH scored AS (
  SELECT request_type, CAST(NULLIF(penalty_score, '') AS numeric) AS penalty
  FROM support.ai_human_comparison
  WHERE NULLIF(penalty_score, '') IS NOT NULL
    AND (CAST(:period_start AS timestamptz) IS NULL OR compared_at >= :period_start)
    AND (CAST(:period_end AS timestamptz) IS NULL OR compared_at < :period_end)
)
SELECT request_type, AVG(penalty) AS penalty,
  PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY penalty) AS median_penalty,
  PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY penalty) AS p90_penalty,
  100.0 * COUNT(*) FILTER (WHERE penalty >= 50) / COUNT(*) AS unusable_rate,
  COUNT(*) AS scored
FROM scored
GROUP BY request_type
ORDER BY penalty DESC, request_type
-- </query>
