-- <query name>auto_send_readiness</query name>
-- <query description>
-- Whether each category may be sent without a person: in the last N days at least 50 scored comparisons, a mean
-- penalty of at most 10, and human_better in at most 5 % of them. Categories without comparisons are listed as not
-- ready. Grain: one row per category.
-- </query description>
-- <query questions>
-- - "Is {request_type} ready for auto-send?"
-- - Auto-send readiness overview
-- - Overview of auto-send readiness
-- - "Can {request_type} be sent automatically?"
-- - "Can we auto-send {request_type}?"
-- - "Can we send {request_type} automatically?"
-- - "Could {request_type} be sent automatically?"
-- - "Is {request_type} safe to auto-send?"
-- - "Is {request_type} eligible for auto-send?"
-- - "Does {request_type} qualify for auto-send?"
-- - "Does {request_type} meet the auto-send criteria?"
-- - "Why is {request_type} not ready for auto-send?"
-- - "Why is {request_type} not yet ready for auto-send?"
-- - "Why isn't {request_type} ready for auto-send?"
-- - "What keeps {request_type} from auto-send?"
-- - "What is missing for {request_type} to be ready for auto-send?"
-- - "How close is {request_type} to auto-send?"
-- - "How far is {request_type} from auto-send?"
-- - How close are the categories to auto-send?
-- - Which categories are close to auto-send?
-- - "Can {request_type} answers be sent automatically?"
-- - "Can we send {request_type} answers automatically?"
-- - "Can {request_type} replies be sent automatically?"
-- - "Can we send {request_type} replies automatically?"
-- - "What is missing for {request_type} to be auto-sent?"
-- - "What's missing for {request_type} to be auto-sent?"
-- - "What's missing for {request_type} to be ready for auto-send?"
-- - "What does {request_type} lack for auto-send?"
-- - "What does {request_type} need for auto-send?"
-- - "What prevents {request_type} from being auto-sent?"
-- - Покажи готовность к auto-send
-- - Auto-send readiness table
-- - "Готов ли {request_type} к auto-send?"
-- - Готовность к auto-send
-- - Готовность к автоотправке по категориям
-- - "Готов ли {request_type} к автоотправке?"
-- - "Готов ли {request_type} к авто-отправке?"
-- - "¿Qué categorías están listas para el envío automático? Muestra los datos"
-- - "Muestra los datos de preparación para auto-send por categoría"
-- - "preparación de las categorías para el envío automático"
-- - "¿Qué categorías están listas para auto-send? Muestra los datos"
-- - "Quelles catégories sont prêtes pour l'envoi automatique ? Montre les données"
-- - "Quelles catégories sont prêtes pour l'auto-send ? Montre les données"
-- - "préparation des catégories à l'envoi automatique"
-- - "אילו קטגוריות מוכנות לשליחה אוטומטית? הצג את הנתונים"
-- - "אילו קטגוריות מוכנות ל-auto-send? הצג את הנתונים"
-- - "מוכנות הקטגוריות לשליחה אוטומטית"
-- </query questions>
-- <query parameters>
-- days: {type: integer, default: 30, minimum: 1, maximum: 365, description: Days before now whose comparisons count}
-- request_type: {type: text, default: null, values: support_threads_data.request_type, description: null means every category}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- request_type: {label: {en: Category, ru: Категория}, unit: text, role: dimension, dimension: category}
-- ready: {label: {en: Ready, ru: Готова}, unit: boolean, role: attribute}
-- scored: {label: {en: Scored, ru: С оценкой}, unit: count, role: metric}
-- penalty: {label: {en: Mean penalty, ru: Средний penalty}, unit: score, role: metric, better: lower}
-- loss_rate: {label: {en: Human better, ru: Человек лучше}, unit: percent, role: metric, better: lower}
-- enough_comparisons: {label: {en: At least 50 scored, ru: Не менее 50 с оценкой}, unit: boolean, role: attribute}
-- penalty_low_enough: {label: {en: Penalty at most 10, ru: Penalty не выше 10}, unit: boolean, role: attribute}
-- losses_low_enough: {label: {en: "Human better at most 5 %", ru: "Human better не более 5 %"}, unit: boolean, role: attribute}
-- ready_categories: {label: {en: Ready in all, ru: Всего готово}, unit: count, role: sample}
-- </query columns>
-- <query headline>
-- en: "Ready for auto-send: {first.ready_categories} of {rows:category|categories} (last {parameter.days:day|days}: at least 50 scored comparisons, mean penalty at most 10, human better in at most 5%). Best: {first.request_type}, mean penalty {first.penalty}."
-- ru: "Готовы к auto-send: {first.ready_categories} из {rows:категории|категорий|категорий} (последние {parameter.days:день|дня|дней}: не менее 50 сравнений с оценкой, средний penalty не выше 10, human_better не более 5 %). Лучшая: {first.request_type}, средний penalty {first.penalty}."
-- </query headline>
-- <query empty>
-- en: "There are no tickets of this category."
-- ru: "Тикетов такой категории нет."
-- </query empty>
-- <query chart>
-- {kind: table}
-- </query chart>
-- <query metrics>
-- [penalty_score]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - AI vs human by category
-- - How many tickets were sent automatically last month?
-- - Which instructions are in force?
-- ru:
-- - Сравни AI и human агентов
-- - Сколько тикетов отправлено автоматически за прошлый месяц?
-- - Какие инструкции действуют?
-- </query follow_ups>
-- <query>
WITH scored AS (
  SELECT request_type, CAST(NULLIF(penalty_score, '') AS numeric) AS penalty, verdict
  FROM support.ai_human_comparison
  WHERE compared_at >= CAST(:now AS timestamptz) - make_interval(days => :days)
    AND compared_at <= CAST(:now AS timestamptz)
    AND NULLIF(penalty_score, '') IS NOT NULL
), quality AS (
  SELECT request_type, COUNT(*) AS scored, AVG(penalty) AS penalty,
    COUNT(*) FILTER (WHERE verdict = 'human_better') AS losses
  FROM scored
  GROUP BY request_type
), categories AS (
  SELECT DISTINCT request_type
  FROM support.support_threads_data
  WHERE CAST(:request_type AS text) IS NULL OR request_type = :request_type
)
SELECT categories.request_type,
  COALESCE(quality.scored >= 50 AND quality.penalty <= 10 AND 100.0 * quality.losses / quality.scored <= 5, FALSE) AS ready,
  COALESCE(quality.scored, 0) AS scored, quality.penalty,
  100.0 * quality.losses / quality.scored AS loss_rate,
  COALESCE(quality.scored, 0) >= 50 AS enough_comparisons,
  COALESCE(quality.penalty <= 10, FALSE) AS penalty_low_enough,
  COALESCE(100.0 * quality.losses / quality.scored <= 5, FALSE) AS losses_low_enough,
  COUNT(*) FILTER (WHERE quality.scored >= 50 AND quality.penalty <= 10 AND 100.0 * quality.losses / quality.scored <= 5)
    OVER () AS ready_categories
FROM categories
LEFT JOIN quality ON quality.request_type = categories.request_type
ORDER BY ready DESC, quality.penalty NULLS LAST, categories.request_type
-- </query>
