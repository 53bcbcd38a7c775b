-- <query name>stuck_at_stage</query name>
-- <query description>
-- Open tickets that stand at one stage without a status change for more than a number of hours, as of now, longest
-- wait first. Grain: one row per ticket; total counts them all.
-- </query description>
-- <query questions>
-- - "Which tickets are stuck at {status}?"
-- - "Show tickets stuck at {status}"
-- - "Show tickets stuck at status {status}"
-- - "Which tickets have been stuck at {status} for more than {hours} hours?"
-- - "Tickets stuck in {status} for {hours} hours"
-- - "Show {status} tickets that are stuck"
-- - "Which tickets hang at stage {status}?"
-- - "Покажи тикеты, которые застряли на статусе {status}"
-- - "Какие тикеты застряли на {status}?"
-- - "Какие тикеты застряли на этапе {status}?"
-- - "Тикеты, которые зависли на {status}"
-- - "Покажи тикеты, застрявшие на {status} более {hours} часов"
-- - "Покажи stuck тикеты на статусе {status}"
-- - "Покажи stuck тикеты {status} за последние {hours} часа"
-- - "Что зависло на стадии {status}?"
-- </query questions>
-- <query parameters>
-- status: {type: text, default: Data collected, values: support_threads_data.status, description: Stage of the pipeline}
-- hours: {type: integer, default: 24, minimum: 1, maximum: 8760, unit: hours, description: Hours without a status change}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- thread_id: {label: {en: Ticket, ru: Тикет}, unit: text, role: dimension, dimension: ticket_id}
-- request_type: {label: {en: Category, ru: Категория}, unit: text, role: dimension, dimension: category}
-- urgency: {label: {en: Urgency, ru: Срочность}, unit: text, role: dimension, dimension: urgency}
-- channel: {label: {en: Channel, ru: Канал}, unit: text, role: dimension, dimension: channel}
-- assigned_to: {label: {en: Assignee, ru: Исполнитель}, unit: text, role: dimension, dimension: assignee}
-- customer_id: {label: {en: Customer, ru: Клиент}, unit: text, role: dimension, dimension: customer_id}
-- status_changed_at: {label: {en: Status changed, ru: Статус изменён}, unit: time, role: attribute}
-- waiting_hours: {label: {en: Unchanged for, ru: Без изменений}, unit: hours, role: metric, better: lower}
-- total: {label: {en: In all, ru: Всего}, unit: count, role: hidden}
-- </query columns>
-- <query headline>
-- en: "Stuck at {parameter.status} for more than {parameter.hours:hour|hours}: {first.total:ticket|tickets}. The longest wait, {first.waiting_hours}, is {first.thread_id}."
-- ru: "Застряли на этапе «{parameter.status}» более {parameter.hours} ч: {first.total:тикет|тикета|тикетов}. Дольше всех ждёт {first.thread_id}: {first.waiting_hours}."
-- </query headline>
-- <query empty>
-- en: "No ticket has been at {parameter.status} for more than {parameter.hours:hour|hours}."
-- ru: "Нет тикетов, которые стоят на этапе «{parameter.status}» более {parameter.hours} ч."
-- </query empty>
-- <query chart>
-- {kind: table}
-- </query chart>
-- <query metrics>
-- [stuck_tickets]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - At which stage do tickets get stuck?
-- - Which pipeline step fails most often?
-- - What share of tickets is unidentified?
-- ru:
-- - На каком этапе застревают тикеты?
-- - На каком шаге pipeline чаще всего ошибки?
-- - Какой процент тикетов не прошёл customer identification?
-- </query follow_ups>
-- <query>
SELECT thread_id, request_type, urgency, channel, assigned_to, customer_id, status_changed_at,
  EXTRACT(EPOCH FROM CAST(:now AS timestamptz) - status_changed_at) / 3600.0 AS waiting_hours,
  COUNT(*) OVER () AS total
FROM support.support_threads_data
WHERE status = :status
  AND {stuck}
ORDER BY status_changed_at, thread_id
LIMIT 10000
-- </query>
