-- <query name>ticket_pipeline</query name>
-- <query description>
-- Everything that the AI pipeline did on one ticket, in order: step, state, kind of model, duration and cost.
-- Grain: one row per task of the ticket.
-- </query description>
-- <query questions>
-- - "Show the pipeline of ticket {thread_id}"
-- - "What did the pipeline do with {thread_id}?"
-- - "Pipeline tasks of {thread_id}"
-- - "Pipeline steps of ticket {thread_id}"
-- - "Why is {thread_id} stuck?"
-- - "Покажи pipeline тикета {thread_id}"
-- - "Что сделал pipeline с тикетом {thread_id}?"
-- - "Шаги pipeline тикета {thread_id}"
-- - "Задачи pipeline по {thread_id}"
-- - "Почему застрял {thread_id}?"
-- </query questions>
-- <query parameters>
-- thread_id: {type: text, default: T-000001, values: support_threads_data.thread_id, description: Ticket id}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- task_type: {label: {en: Step, ru: Шаг}, unit: text, role: dimension, dimension: task_type}
-- status: {label: {en: State, ru: Состояние}, unit: text, role: attribute, dimension: task_status}
-- created_at: {label: {en: Queued, ru: Поставлена}, unit: time, role: time}
-- started_at: {label: {en: Started, ru: Начата}, unit: time, role: attribute}
-- finished_at: {label: {en: Finished, ru: Завершена}, unit: time, role: attribute}
-- seconds: {label: {en: Duration, ru: Длительность}, unit: seconds, role: metric, better: lower}
-- model: {label: {en: Model, ru: Модель}, unit: text, role: attribute, dimension: model}
-- cost_usd: {label: {en: Cost, ru: Стоимость}, unit: usd, role: metric, better: lower}
-- </query columns>
-- <query headline>
-- en: "Pipeline tasks of {parameter.thread_id}: {rows}. The last one: {last.task_type}, {last.status}."
-- ru: "Задач pipeline у {parameter.thread_id}: {rows}. Последняя: {last.task_type}, {last.status}."
-- </query headline>
-- <query empty>
-- en: "The pipeline did nothing on {parameter.thread_id}; is the number right?"
-- ru: "Pipeline не работал с {parameter.thread_id}; верен ли номер?"
-- </query empty>
-- <query chart>
-- {kind: table}
-- </query chart>
-- <query follow_ups>
-- en:
-- - Show stuck tickets
-- - Which pipeline step fails most often?
-- ru:
-- - Покажи stuck тикеты
-- - На каком шаге pipeline чаще всего ошибки?
-- </query follow_ups>
-- <query>
SELECT task_type, status, created_at, started_at, finished_at,
  EXTRACT(EPOCH FROM finished_at - started_at) AS seconds, model, cost_usd
FROM support.ai_agent_tasks
WHERE thread_id = :thread_id
ORDER BY created_at, id
LIMIT 500
-- </query>
