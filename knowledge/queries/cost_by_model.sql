-- <query name>cost_by_model</query name>
-- <query description>
-- Pipeline cost by language model: in all, per task and in tokens. Steps that call no model cost nothing and are
-- left out. Grain: one row per model.
-- </query description>
-- <query questions>
-- - Cost by model
-- - "Cost by model {period}"
-- - Pipeline cost by model and tokens
-- - "Pipeline cost by model and tokens {period}"
-- - Which model costs most?
-- - "Which model costs most {period}?"
-- - Which model is the most expensive?
-- - "Which model is the most expensive {period}?"
-- - What do the models cost?
-- - "What do the models cost {period}?"
-- - Cost per ticket by model
-- - "Cost per ticket by model {period}"
-- - Стоимость по моделям
-- - "Стоимость по моделям {period}"
-- - Стоимость pipeline по моделям и токены
-- - "Стоимость pipeline по моделям и токены {period}"
-- - Какая модель самая дорогая?
-- - "Какая модель самая дорогая {period}?"
-- - Сколько стоят модели?
-- - "Сколько стоят модели {period}?"
-- - Стоимость тикета по моделям
-- - "Стоимость тикета по моделям {period}"
-- - Расходы по моделям
-- - "Расходы по моделям {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- model: {label: {en: Model, ru: Модель}, unit: text, role: dimension, dimension: model}
-- cost_usd: {label: {en: Cost, ru: Стоимость}, unit: usd, role: metric, better: lower}
-- cost_per_ticket: {label: {en: Cost per ticket, ru: На тикет}, unit: usd, role: metric, better: lower}
-- cost_per_task: {label: {en: Cost per task, ru: На задачу}, unit: usd, role: metric, better: lower}
-- tasks: {label: {en: Tasks, ru: Задачи}, unit: count, role: sample}
-- tickets: {label: {en: Tickets, ru: Тикеты}, unit: count, role: sample}
-- tokens: {label: {en: Tokens, ru: Токены}, unit: tokens, role: metric, better: lower}
-- </query columns>
-- <query headline>
-- en: "Most is spent {period.period} on {first.model}: {first.cost_usd} of {sum.cost_usd}, {first.cost_per_ticket} per ticket."
-- ru: "Больше всего потрачено {period.period}: {first.model}, {first.cost_usd} из {sum.cost_usd}, {first.cost_per_ticket} на тикет."
-- </query headline>
-- <query empty>
-- en: "No model was called {period.period}."
-- ru: "Модели {period.period} не вызывались."
-- </query empty>
-- <query chart>
-- {kind: bar, x: model, y: [cost_usd]}
-- </query chart>
-- <query metrics>
-- [pipeline_cost, cost_per_ticket]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Which model is best?
-- - Cost per ticket by category
-- ru:
-- - Какая модель лучше?
-- - Стоимость тикета по категориям
-- </query follow_ups>
-- <query>
SELECT model, SUM(cost_usd) AS cost_usd, SUM(cost_usd) / COUNT(DISTINCT thread_id) AS cost_per_ticket,
  SUM(cost_usd) / COUNT(*) AS cost_per_task, COUNT(*) AS tasks, COUNT(DISTINCT thread_id) AS tickets,
  SUM(prompt_tokens + completion_tokens) AS tokens
FROM support.ai_agent_tasks
WHERE model IS NOT NULL
  AND (CAST(:period_start AS timestamptz) IS NULL OR created_at >= :period_start)
  AND (CAST(:period_end AS timestamptz) IS NULL OR created_at < :period_end)
GROUP BY model
ORDER BY cost_usd DESC, model
-- </query>
