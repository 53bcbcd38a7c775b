-- <query name>worst_ai_answers</query name>
-- <query description>
-- Comparisons with the highest penalty, newest first among equals; texts are not shown, open the ticket to read
-- them. Grain: one row per comparison, the worst 100.
-- </query description>
-- <query questions>
-- - Show the worst AI answers
-- - "Show the worst AI answers {period}"
-- - Which AI answers were worst?
-- - "Which AI answers were worst {period}?"
-- - "Worst AI answers in {request_type}"
-- - "Worst AI answers in {request_type} {period}"
-- - "Show the worst AI answers in {request_type}"
-- - "Show the worst AI answers in {request_type} {period}"
-- - AI answers with the highest penalty
-- - "AI answers with the highest penalty {period}"
-- - Show unusable AI answers
-- - "Show unusable AI answers {period}"
-- - Покажи худшие ответы AI
-- - "Покажи худшие ответы AI {period}"
-- - Самые плохие ответы AI
-- - "Самые плохие ответы AI {period}"
-- - Какие ответы AI были хуже всего?
-- - "Какие ответы AI были хуже всего {period}?"
-- - "Худшие ответы AI по {request_type}"
-- - "Худшие ответы AI по {request_type} {period}"
-- - "Покажи худшие ответы AI по {request_type}"
-- - "Покажи худшие ответы AI по {request_type} {period}"
-- - Ответы AI с самым высоким penalty
-- - "Ответы AI с самым высоким penalty {period}"
-- </query questions>
-- <query parameters>
-- request_type: {type: text, default: null, values: support_threads_data.request_type, description: null means every category}
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- thread_id: {label: {en: Ticket, ru: Тикет}, unit: text, role: dimension, dimension: ticket_id}
-- penalty_score: {label: {en: Penalty, ru: Penalty}, unit: score, role: metric, better: lower}
-- request_type: {label: {en: Category, ru: Категория}, unit: text, role: dimension, dimension: category}
-- model: {label: {en: Model, ru: Модель}, unit: text, role: dimension, dimension: model}
-- verdict: {label: {en: Verdict, ru: Вердикт}, unit: text, role: attribute, dimension: verdict}
-- compared_at: {label: {en: Compared, ru: Сравнено}, unit: time, role: attribute}
-- </query columns>
-- <query headline>
-- en: "The worst AI answer {period.period} is in {first.thread_id} ({first.request_type}): penalty {first.penalty_score}."
-- ru: "Худший ответ AI {period.period}: {first.thread_id} ({first.request_type}), penalty {first.penalty_score}."
-- </query headline>
-- <query empty>
-- en: "There are no scored comparisons {period.period}."
-- ru: "Сравнений с оценкой {period.period} нет."
-- </query empty>
-- <query chart>
-- {kind: table}
-- </query chart>
-- <query metrics>
-- [penalty_score]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Where does AI make the most mistakes?
-- - Which model is best?
-- ru:
-- - Где AI ошибается чаще всего?
-- - Какая модель лучше?
-- </query follow_ups>
-- <query>
SELECT thread_id, CAST(NULLIF(penalty_score, '') AS numeric) AS penalty_score, request_type, model, verdict, compared_at
FROM support.ai_human_comparison
WHERE NULLIF(penalty_score, '') IS NOT NULL
  AND (CAST(:request_type AS text) IS NULL OR request_type = :request_type)
  AND (CAST(:period_start AS timestamptz) IS NULL OR compared_at >= :period_start)
  AND (CAST(:period_end AS timestamptz) IS NULL OR compared_at < :period_end)
ORDER BY CAST(NULLIF(penalty_score, '') AS numeric) DESC, compared_at DESC, thread_id
LIMIT 100
-- </query>
