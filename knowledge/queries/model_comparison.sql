-- <query name>model_comparison</query name>
-- <query description>
-- Language models side by side: verdicts, mean penalty, and what a drafted answer costs. Grain: one row per model
-- that has comparisons.
-- </query description>
-- <query questions>
-- - Compare models
-- - "Compare models {period}"
-- - Comparison of models
-- - "Comparison of models {period}"
-- - Which model gives the best answers?
-- - "Which model gives the best answers {period}?"
-- - Compare the quality and cost of models
-- - "Compare the quality and cost of models {period}"
-- - Model performance
-- - "Model performance {period}"
-- - Which model writes the best answers?
-- - "Which model writes the best answers {period}?"
-- - How do the models compare?
-- - "How do the models compare {period}?"
-- - Models compared
-- - "Models compared {period}"
-- - Model comparison
-- - "Model comparison {period}"
-- - Compare the models
-- - "Compare the models {period}"
-- - Сравни модели
-- - "Сравни модели {period}"
-- - Сравнение моделей
-- - "Сравнение моделей {period}"
-- - Какая модель даёт лучшие ответы?
-- - "Какая модель даёт лучшие ответы {period}?"
-- - Сравни качество и стоимость моделей
-- - "Сравни качество и стоимость моделей {period}"
-- - "Compara los modelos"
-- - "Compara los modelos {period}"
-- - "¿Qué modelo responde mejor?"
-- - "¿Qué modelo responde mejor? {period}"
-- - "comparación de modelos"
-- - "comparación de modelos {period}"
-- - "Compare les modèles"
-- - "Compare les modèles {period}"
-- - "Quel modèle répond le mieux ?"
-- - "Quel modèle répond le mieux ? {period}"
-- - "comparaison des modèles"
-- - "comparaison des modèles {period}"
-- - "השווה בין המודלים"
-- - "השווה בין המודלים {period}"
-- - "איזה מודל עונה הכי טוב"
-- - "איזה מודל עונה הכי טוב {period}"
-- - "השוואת מודלים"
-- - "השוואת מודלים {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- model: {label: {en: Model, ru: Модель}, unit: text, role: dimension, dimension: model}
-- penalty: {label: {en: Mean penalty, ru: Средний penalty}, unit: score, role: metric, better: lower}
-- comparisons: {label: {en: Comparisons, ru: Сравнения}, unit: count, role: metric}
-- win_rate: {label: {en: AI win rate, ru: Доля побед AI}, unit: percent, role: metric, better: higher}
-- at_least_as_good_rate: {label: {en: AI at least as good, ru: AI не хуже}, unit: percent, role: metric, better: higher}
-- loss_rate: {label: {en: AI loss rate, ru: Доля поражений AI}, unit: percent, role: metric, better: lower}
-- cost_per_task: {label: {en: Cost of a draft, ru: Стоимость черновика}, unit: usd, role: metric, better: lower}
-- </query columns>
-- <query headline>
-- en: "Lowest mean penalty {period.period}: {first.model}, {first.penalty} over {first.comparisons:comparison|comparisons}."
-- ru: "Самый низкий средний penalty {period.period}: {first.model}, {first.penalty} по {first.comparisons:сравнению|сравнениям|сравнениям}."
-- </query headline>
-- <query empty>
-- en: "There are no comparisons {period.period}."
-- ru: "Сравнений {period.period} нет."
-- </query empty>
-- <query caution>
-- en: "Models were used at different times and for different categories."
-- ru: "Модели работали в разное время и в разных категориях."
-- </query caution>
-- <query chart>
-- {kind: bar, x: model, y: [penalty]}
-- </query chart>
-- <query metrics>
-- [penalty_score, ai_at_least_as_good_rate]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Penalty score by model and category
-- - Cost by model
-- ru:
-- - Penalty score по моделям и категориям
-- - Стоимость по моделям
-- </query follow_ups>
-- <query>
WITH quality AS (
  SELECT model, COUNT(*) AS comparisons,
    AVG(CAST(NULLIF(penalty_score, '') AS numeric)) AS penalty,
    100.0 * COUNT(*) FILTER (WHERE verdict = 'ai_better') / COUNT(*) AS win_rate,
    100.0 * COUNT(*) FILTER (WHERE verdict IN ('ai_better', 'equal')) / COUNT(*) AS at_least_as_good_rate,
    100.0 * COUNT(*) FILTER (WHERE verdict = 'human_better') / COUNT(*) AS loss_rate
  FROM support.ai_human_comparison
  WHERE (CAST(:period_start AS timestamptz) IS NULL OR compared_at >= :period_start)
    AND (CAST(:period_end AS timestamptz) IS NULL OR compared_at < :period_end)
  GROUP BY model
), drafts AS (
  SELECT model, AVG(cost_usd) AS cost_per_task
  FROM support.ai_agent_tasks
  WHERE task_type = 'draft_answer' AND status = 'done' AND model IS NOT NULL
    AND (CAST(:period_start AS timestamptz) IS NULL OR created_at >= :period_start)
    AND (CAST(:period_end AS timestamptz) IS NULL OR created_at < :period_end)
  GROUP BY model
)
SELECT quality.model, quality.penalty, quality.comparisons, quality.win_rate, quality.at_least_as_good_rate,
  quality.loss_rate, drafts.cost_per_task
FROM quality
LEFT JOIN drafts ON drafts.model = quality.model
ORDER BY quality.penalty NULLS LAST, quality.model
-- </query>
