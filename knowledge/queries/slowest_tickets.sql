-- <query name>slowest_tickets</query name>
-- <query description>
-- Sent tickets that took longest from creation to sending. Grain: one row per ticket, the slowest 50.
-- </query description>
-- <query questions>
-- - Which tickets took longest to send?
-- - "Which tickets took longest to send {period}?"
-- - Slowest tickets
-- - "Slowest tickets {period}"
-- - Which tickets took the longest?
-- - "Which tickets took the longest {period}?"
-- - Tickets with the longest resolution time
-- - "Tickets with the longest resolution time {period}"
-- - Tickets that took longest to resolve
-- - "Tickets that took longest to resolve {period}"
-- - Какие тикеты дольше всего решались?
-- - "Какие тикеты дольше всего решались {period}?"
-- - Самые долгие тикеты
-- - "Самые долгие тикеты {period}"
-- - Какие тикеты дольше всего отправлялись?
-- - "Какие тикеты дольше всего отправлялись {period}?"
-- - Самые медленные тикеты
-- - "Самые медленные тикеты {period}"
-- - Тикеты с самым долгим временем решения
-- - "Тикеты с самым долгим временем решения {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- thread_id: {label: {en: Ticket, ru: Тикет}, unit: text, role: dimension, dimension: ticket_id}
-- hours_to_send: {label: {en: Time to send, ru: Время до отправки}, unit: hours, role: metric, better: lower}
-- request_type: {label: {en: Category, ru: Категория}, unit: text, role: dimension, dimension: category}
-- channel: {label: {en: Channel, ru: Канал}, unit: text, role: dimension, dimension: channel}
-- urgency: {label: {en: Urgency, ru: Срочность}, unit: text, role: dimension, dimension: urgency}
-- assigned_to: {label: {en: Assignee, ru: Исполнитель}, unit: text, role: dimension, dimension: assignee}
-- created_at: {label: {en: Created, ru: Создан}, unit: time, role: attribute}
-- sent_at: {label: {en: Sent, ru: Отправлен}, unit: time, role: attribute}
-- </query columns>
-- <query headline>
-- en: "The slowest ticket {period.period} is {first.thread_id}: {first.hours_to_send}."
-- ru: "Самый долгий тикет {period.period} — {first.thread_id}: {first.hours_to_send}."
-- </query headline>
-- <query empty>
-- en: "No ticket created {period.period} was sent."
-- ru: "Тикетов, созданных {period.period} и отправленных, нет."
-- </query empty>
-- <query chart>
-- {kind: table}
-- </query chart>
-- <query metrics>
-- [time_to_send]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Time to send by category
-- - Show stuck tickets
-- ru:
-- - Время решения по категориям
-- - Покажи stuck тикеты
-- </query follow_ups>
-- <query>
SELECT thread_id, EXTRACT(EPOCH FROM sent_at - created_at) / 3600.0 AS hours_to_send,
  request_type, channel, urgency, assigned_to, created_at, sent_at
FROM support.support_threads_data
WHERE status = 'Sent'
  AND (CAST(:period_start AS timestamptz) IS NULL OR created_at >= :period_start)
  AND (CAST(:period_end AS timestamptz) IS NULL OR created_at < :period_end)
ORDER BY hours_to_send DESC, thread_id
LIMIT 50
-- </query>
