-- <query name>cost_by_category</query name>
-- <query description>
-- Pipeline cost by category: in all and per ticket that has pipeline tasks. Grain: one row per category.
-- </query description>
-- <query questions>
-- - Cost per ticket by category
-- - "Cost per ticket by category {period}"
-- - Pipeline cost by category
-- - "Pipeline cost by category {period}"
-- - What does a ticket cost in each category?
-- - "What does a ticket cost in each category {period}?"
-- - Стоимость тикета по категориям
-- - "Стоимость тикета по категориям {period}"
-- - Стоимость pipeline по категориям
-- - "Стоимость pipeline по категориям {period}"
-- - Сколько стоит тикет в каждой категории?
-- - "Сколько стоит тикет в каждой категории {period}?"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- request_type: {label: {en: Category, ru: Категория}, unit: text, role: dimension, dimension: category}
-- cost_per_ticket: {label: {en: Cost per ticket, ru: На тикет}, unit: usd, role: metric, better: lower}
-- cost_usd: {label: {en: Cost, ru: Стоимость}, unit: usd, role: metric, better: lower}
-- tickets: {label: {en: Tickets, ru: Тикеты}, unit: count, role: sample}
-- share: {label: {en: Share, ru: Доля}, unit: percent, role: share}
-- </query columns>
-- <query headline>
-- en: "Most expensive {period.period}: {first.request_type}, {first.cost_per_ticket} per ticket. Pipeline cost in all: {sum.cost_usd}."
-- ru: "Дороже всего {period.period}: {first.request_type}, {first.cost_per_ticket} на тикет. Стоимость pipeline всего: {sum.cost_usd}."
-- </query headline>
-- <query empty>
-- en: "There were no pipeline tasks {period.period}."
-- ru: "Задач pipeline {period.period} не было."
-- </query empty>
-- <query chart>
-- {kind: bar, x: request_type, y: [cost_per_ticket]}
-- </query chart>
-- <query metrics>
-- [cost_per_ticket, pipeline_cost]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Cost by model
-- - Pipeline cost by month for the last 6 months
-- ru:
-- - Стоимость по моделям
-- - Стоимость pipeline по месяцам за последние 6 месяцев
-- </query follow_ups>
-- <query>
SELECT ticket.request_type, SUM(task.cost_usd) / COUNT(DISTINCT task.thread_id) AS cost_per_ticket,
  SUM(task.cost_usd) AS cost_usd, COUNT(DISTINCT task.thread_id) AS tickets,
  100.0 * SUM(task.cost_usd) / NULLIF(SUM(SUM(task.cost_usd)) OVER (), 0) AS share
FROM support.ai_agent_tasks AS task
JOIN support.support_threads_data AS ticket ON ticket.thread_id = task.thread_id
WHERE (CAST(:period_start AS timestamptz) IS NULL OR task.created_at >= :period_start)
  AND (CAST(:period_end AS timestamptz) IS NULL OR task.created_at < :period_end)
GROUP BY ticket.request_type
ORDER BY cost_per_ticket DESC, ticket.request_type
-- </query>
