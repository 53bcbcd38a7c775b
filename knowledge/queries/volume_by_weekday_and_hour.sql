-- <query name>volume_by_weekday_and_hour</query name>
-- <query description>
-- Tickets by weekday (1 = Monday) and hour of their creation in the reporting time zone. Grain: one row per
-- weekday and hour with tickets.
-- </query description>
-- <query questions>
-- - Tickets by weekday and hour
-- - "Tickets by weekday and hour {period}"
-- - When do tickets come in?
-- - "When do tickets come in {period}?"
-- - At what time do customers write?
-- - "At what time do customers write {period}?"
-- - Busiest hours of the week
-- - "Busiest hours of the week {period}"
-- - What are the peak hours?
-- - "What are the peak hours {period}?"
-- - Ticket volume by day of week and hour
-- - "Ticket volume by day of week and hour {period}"
-- - Heatmap of tickets
-- - "Heatmap of tickets {period}"
-- - Тикеты по дням недели и часам
-- - "Тикеты по дням недели и часам {period}"
-- - Когда приходят тикеты?
-- - "Когда приходят тикеты {period}?"
-- - В какое время пишут клиенты?
-- - "В какое время пишут клиенты {period}?"
-- - Самые загруженные часы недели
-- - "Самые загруженные часы недели {period}"
-- - Пиковые часы
-- - "Пиковые часы {period}"
-- - Часы пик
-- - "Часы пик {period}"
-- - Тепловая карта тикетов
-- - "Тепловая карта тикетов {period}"
-- - "tickets por día de la semana y hora"
-- - "tickets por día de la semana y hora {period}"
-- - "mapa de calor de tickets por día y hora"
-- - "mapa de calor de tickets por día y hora {period}"
-- - "tickets par jour de la semaine et heure"
-- - "tickets par jour de la semaine et heure {period}"
-- - "פניות לפי יום בשבוע ושעה"
-- - "פניות לפי יום בשבוע ושעה {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- weekday: {label: {en: Weekday (1 = Monday), ru: День недели (1 — пн)}, unit: number, role: dimension, dimension: weekday}
-- hour_of_day: {label: {en: Hour, ru: Час}, unit: number, role: dimension, dimension: hour_of_day}
-- tickets: {label: {en: Tickets, ru: Тикеты}, unit: count, role: metric}
-- share: {label: {en: Share, ru: Доля}, unit: percent, role: share}
-- </query columns>
-- <query headline>
-- en: "Busiest hour {period.period}: {first.weekday}, {first.hour_of_day}, {first.tickets} of {sum.tickets:ticket|tickets}."
-- ru: "Самый загруженный час {period.period}: {first.weekday}, {first.hour_of_day}, {first.tickets} из {sum.tickets:тикета|тикетов|тикетов}."
-- </query headline>
-- <query empty>
-- en: "No tickets were created {period.period}."
-- ru: "Тикетов {period.period} нет."
-- </query empty>
-- <query chart>
-- {kind: stacked_bar, x: hour_of_day, y: [tickets], series: weekday}
-- </query chart>
-- <query metrics>
-- [tickets]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Tickets by channel last month
-- - First response time by channel
-- ru:
-- - Тикеты по каналам за прошлый месяц
-- - Время первого ответа по каналам
-- </query follow_ups>
-- <query>
SELECT CAST(EXTRACT(ISODOW FROM created_at) AS integer) AS weekday,
  CAST(EXTRACT(HOUR FROM created_at) AS integer) AS hour_of_day,
  COUNT(*) AS tickets,
  100.0 * COUNT(*) / SUM(COUNT(*)) OVER () AS share
FROM support.support_threads_data
WHERE (CAST(:period_start AS timestamptz) IS NULL OR created_at >= :period_start)
  AND (CAST(:period_end AS timestamptz) IS NULL OR created_at < :period_end)
GROUP BY 1, 2
ORDER BY tickets DESC, weekday, hour_of_day
-- </query>
