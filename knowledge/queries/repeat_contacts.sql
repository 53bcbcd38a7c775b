-- <query name>repeat_contacts</query name>
-- <query description>
-- Identified customers with several tickets in the period, most tickets first. Grain: one row per customer, the
-- first 100.
-- </query description>
-- <query questions>
-- - Which customers contacted us most often?
-- - "Which customers contacted us most often {period}?"
-- - Which customers contact us most?
-- - "Which customers contacted us most {period}?"
-- - Which customers wrote most often?
-- - "Which customers wrote most often {period}?"
-- - Which customers write to us the most?
-- - "Which customers wrote to us the most {period}?"
-- - Repeated contacts
-- - "Repeated contacts {period}"
-- - Repeat customers
-- - "Repeat customers {period}"
-- - Customers with more than one ticket
-- - "Customers with more than one ticket {period}"
-- - Who contacts us again and again?
-- - "Who contacts us again and again {period}?"
-- - Customers with several tickets
-- - "Customers with several tickets {period}"
-- - Top customers by tickets
-- - "Top customers by tickets {period}"
-- - Какие клиенты обращались чаще всего?
-- - "Какие клиенты обращались чаще всего {period}?"
-- - Какие клиенты пишут чаще всего?
-- - "Какие клиенты пишут чаще всего {period}?"
-- - Повторные обращения
-- - "Повторные обращения {period}"
-- - Клиенты с несколькими тикетами
-- - "Клиенты с несколькими тикетами {period}"
-- - Кто обращается повторно?
-- - "Кто обращается повторно {period}?"
-- - Клиенты с повторными обращениями
-- - "Клиенты с повторными обращениями {period}"
-- - Топ клиентов по тикетам
-- - "Топ клиентов по тикетам {period}"
-- - Какой клиент чаще всего пишет?
-- - "Какой клиент чаще всего пишет {period}?"
-- - Какие клиенты пишут нам больше всего?
-- - "Какие клиенты пишут нам больше всего {period}?"
-- - Кто из клиентов пишет чаще всего?
-- - "Кто из клиентов пишет чаще всего {period}?"
-- - Кто из клиентов чаще всего обращается?
-- - "Кто из клиентов чаще всего обращается {period}?"
-- - "clientes que repiten"
-- - "clientes que repiten {period}"
-- - "¿Qué clientes nos escriben una y otra vez?"
-- - "¿Qué clientes nos escriben una y otra vez? {period}"
-- - "clients récurrents"
-- - "clients récurrents {period}"
-- - "Quels clients reviennent sans cesse ?"
-- - "Quels clients reviennent sans cesse ? {period}"
-- - "לקוחות חוזרים"
-- - "לקוחות חוזרים {period}"
-- - "אילו לקוחות פונים שוב ושוב"
-- - "אילו לקוחות פונים שוב ושוב {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- customer_id: {label: {en: Customer, ru: Клиент}, unit: text, role: dimension, dimension: customer_id}
-- tickets: {label: {en: Tickets, ru: Тикеты}, unit: count, role: metric}
-- usual_category: {label: {en: Mostly about, ru: Чаще о}, unit: text, role: attribute, dimension: category}
-- first_at: {label: {en: First, ru: Первый раз}, unit: time, role: attribute}
-- last_at: {label: {en: Last, ru: Последний раз}, unit: time, role: attribute}
-- total: {label: {en: In all, ru: Всего}, unit: count, role: hidden}
-- </query columns>
-- <query headline>
-- en: "Customers with two or more tickets {period.period}: {first.total}. Most often: {first.customer_id}, {first.tickets:ticket|tickets}."
-- ru: "Клиентов с двумя и более тикетами {period.period}: {first.total}. Чаще всех: {first.customer_id}, тикетов {first.tickets}."
-- </query headline>
-- <query empty>
-- en: "No customer has more than one ticket {period.period}."
-- ru: "Нет клиентов с несколькими тикетами {period.period}."
-- </query empty>
-- <query chart>
-- {kind: table}
-- </query chart>
-- <query metrics>
-- [tickets]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Tickets per customer by category
-- - How many customers were there last month?
-- ru:
-- - Среднее число тикетов на одного клиента по категориям
-- - Сколько клиентов было за прошлый месяц?
-- </query follow_ups>
-- <query>
SELECT customer_id, COUNT(*) AS tickets,
  MODE() WITHIN GROUP (ORDER BY request_type) AS usual_category,
  MIN(created_at) AS first_at, MAX(created_at) AS last_at,
  COUNT(*) OVER () AS total
FROM support.support_threads_data
WHERE customer_id IS NOT NULL
  AND (CAST(:period_start AS timestamptz) IS NULL OR created_at >= :period_start)
  AND (CAST(:period_end AS timestamptz) IS NULL OR created_at < :period_end)
GROUP BY customer_id
HAVING COUNT(*) >= 2
ORDER BY tickets DESC, customer_id
LIMIT 100
-- </query>
