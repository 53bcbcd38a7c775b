-- <query name>stuck_tickets</query name>
-- <query description>
-- Open tickets whose status has not changed for more than a number of hours, as of now, longest wait first. Grain:
-- one row per ticket; total counts them all.
-- </query description>
-- <query questions>
-- - Which tickets are stuck?
-- - Show stuck tickets
-- - List the stuck tickets
-- - "Stuck tickets for the last {hours} hours"
-- - "Which tickets have been stuck for more than {hours} hours?"
-- - "What has not moved for more than {hours} hours?"
-- - "Tickets without a status change for {hours} hours"
-- - "Show stuck {request_type} tickets"
-- - "Which {request_type} tickets have been stuck for more than {hours} hours?"
-- - What is stuck right now?
-- - Show me everything that hangs
-- - Покажи stuck тикеты
-- - "Покажи stuck тикеты за последние {hours} часа"
-- - Какие тикеты застряли?
-- - Покажи застрявшие тикеты
-- - Список застрявших тикетов
-- - "Какие тикеты застряли более чем на {hours} часов?"
-- - "Тикеты без движения более {hours} часов"
-- - Что зависло?
-- - "Покажи застрявшие тикеты по категории {request_type}"
-- - "Какие {request_type} тикеты застряли?"
-- - "Что застряло дольше {hours} часов?"
-- </query questions>
-- <query parameters>
-- hours: {type: integer, default: 24, minimum: 1, maximum: 8760, unit: hours, description: Hours without a status change}
-- request_type: {type: text, default: null, values: support_threads_data.request_type, description: null means every category}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- thread_id: {label: {en: Ticket, ru: Тикет}, unit: text, role: dimension, dimension: ticket_id}
-- request_type: {label: {en: Category, ru: Категория}, unit: text, role: dimension, dimension: category}
-- status: {label: {en: Stage, ru: Этап}, unit: text, role: dimension, dimension: ticket_status}
-- urgency: {label: {en: Urgency, ru: Срочность}, unit: text, role: dimension, dimension: urgency}
-- channel: {label: {en: Channel, ru: Канал}, unit: text, role: dimension, dimension: channel}
-- assigned_to: {label: {en: Assignee, ru: Исполнитель}, unit: text, role: dimension, dimension: assignee}
-- status_changed_at: {label: {en: Status changed, ru: Статус изменён}, unit: time, role: attribute}
-- waiting_hours: {label: {en: Unchanged for, ru: Без изменений}, unit: hours, role: metric, better: lower}
-- total: {label: {en: In all, ru: Всего}, unit: count, role: hidden}
-- </query columns>
-- <query headline>
-- en: "Stuck for more than {parameter.hours:hour|hours}: {first.total:open ticket|open tickets}. The longest wait, {first.waiting_hours}, is {first.thread_id} at {first.status}."
-- ru: "Без смены статуса более {parameter.hours} ч: открытых тикетов {first.total}. Дольше всех ждёт {first.thread_id} на этапе «{first.status}»: {first.waiting_hours}."
-- es: "Sin cambio de etapa durante más de {parameter.hours} h: {first.total:ticket abierto|tickets abiertos}. El que más espera, {first.thread_id}, está en {first.status}: {first.waiting_hours}."
-- fr: "Sans changement d'étape depuis plus de {parameter.hours} h : {first.total:ticket ouvert|tickets ouverts}. Le plus ancien, {first.thread_id}, est à l'étape {first.status} : {first.waiting_hours}."
-- he: "ללא שינוי שלב יותר מ-{parameter.hours} שעות: {first.total} פניות פתוחות. ממתינה הכי הרבה זמן: {first.thread_id}, בשלב {first.status}: {first.waiting_hours}."
-- </query headline>
-- <query empty>
-- en: "No open ticket has been without a status change for more than {parameter.hours:hour|hours}."
-- ru: "Нет открытых тикетов без смены статуса более {parameter.hours} ч."
-- es: "No hay tickets abiertos sin cambio de etapa durante más de {parameter.hours} h."
-- fr: "Aucun ticket ouvert n'est sans changement d'étape depuis plus de {parameter.hours} h."
-- he: "אין פניות פתוחות ללא שינוי שלב יותר מ-{parameter.hours} שעות."
-- </query empty>
-- <query chart>
-- {kind: table}
-- </query chart>
-- <query metrics>
-- [stuck_tickets]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Which categories have the most stuck tickets?
-- - At which stage do tickets get stuck?
-- - Show tickets stuck at Data collected
-- ru:
-- - В каких категориях больше всего застрявших тикетов?
-- - На каком этапе застревают тикеты?
-- - Покажи тикеты, которые застряли на статусе Data collected
-- </query follow_ups>
-- <query>
SELECT thread_id, request_type, status, urgency, channel, assigned_to, status_changed_at,
  EXTRACT(EPOCH FROM CAST(:now AS timestamptz) - status_changed_at) / 3600.0 AS waiting_hours,
  COUNT(*) OVER () AS total
FROM support.support_threads_data
WHERE status <> 'Sent'
  AND status_changed_at < CAST(:now AS timestamptz) - make_interval(hours => :hours)
  AND (CAST(:request_type AS text) IS NULL OR request_type = :request_type)
ORDER BY status_changed_at, thread_id
LIMIT 10000
-- </query>
