-- <query name>first_response_by_channel</query name>
-- <query description>
-- Time from the first customer message to the first answer of the AI or a person: mean, median and 90th percentile
-- by channel. Grain: one row per channel.
-- </query description>
-- <query questions>
-- - How fast do we answer by channel?
-- - "How fast do we answer by channel {period}?"
-- - First response time by channel with median
-- - "First response time by channel with median {period}"
-- - First response percentiles by channel
-- - "First response percentiles by channel {period}"
-- - How quickly do we respond in each channel?
-- - "How quickly do we respond in each channel {period}?"
-- - In which channel do we answer slowest?
-- - "In which channel do we answer slowest {period}?"
-- - Как быстро мы отвечаем по каналам?
-- - "Как быстро мы отвечаем по каналам {period}?"
-- - Время первого ответа по каналам с медианой
-- - "Время первого ответа по каналам с медианой {period}"
-- - Как быстро отвечаем в каждом канале?
-- - "Как быстро отвечаем в каждом канале {period}?"
-- - В каком канале мы отвечаем медленнее всего?
-- - "В каком канале мы отвечаем медленнее всего {period}?"
-- - Перцентили времени первого ответа по каналам
-- - "Перцентили времени первого ответа по каналам {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- channel: {label: {en: Channel, ru: Канал}, unit: text, role: dimension, dimension: channel}
-- mean_hours: {label: {en: Mean, ru: Среднее}, unit: hours, role: metric, better: lower}
-- median_hours: {label: {en: Median, ru: Медиана}, unit: hours, role: metric, better: lower}
-- p90_hours: {label: {en: 90th percentile, ru: 90-й перцентиль}, unit: hours, role: metric, better: lower}
-- tickets: {label: {en: Tickets, ru: Тикеты}, unit: count, role: metric}
-- </query columns>
-- <query headline>
-- en: "Slowest first response {period.period}: {first.channel}, {first.mean_hours} on average; fastest: {last.channel}, {last.mean_hours}."
-- ru: "Медленнее всего первый ответ {period.period}: {first.channel}, в среднем {first.mean_hours}; быстрее всего: {last.channel}, {last.mean_hours}."
-- es: "Primera respuesta más lenta {period.period}: {first.channel}, {first.mean_hours} de media; la más rápida: {last.channel}, {last.mean_hours}."
-- fr: "Première réponse la plus lente {period.period} : {first.channel}, {first.mean_hours} en moyenne ; la plus rapide : {last.channel}, {last.mean_hours}."
-- he: "התגובה הראשונה האיטית ביותר {period.period}: {first.channel}, {first.mean_hours} בממוצע; המהירה ביותר: {last.channel}, {last.mean_hours}."
-- </query headline>
-- <query empty>
-- en: "No ticket created {period.period} has an answer."
-- ru: "Тикетов с ответом {period.period} нет."
-- es: "Ningún ticket creado {period.period} tiene respuesta."
-- fr: "Aucun ticket créé {period.period} n'a de réponse."
-- he: "לאף פנייה שנפתחה {period.period} אין תגובה."
-- </query empty>
-- <query chart>
-- {kind: bar, x: channel, y: [mean_hours]}
-- </query chart>
-- <query metrics>
-- [first_response_time]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - First response time by category
-- - Time to send by channel
-- ru:
-- - Время первого ответа по категориям
-- - Время решения по каналам
-- </query follow_ups>
-- <query>
WITH answered AS (
  SELECT ticket.thread_id, ticket.channel,
    EXTRACT(EPOCH FROM MIN(message.created_at) FILTER (WHERE message.author_type IN ('ai', 'agent'))
      - MIN(message.created_at) FILTER (WHERE message.author_type = 'customer')) / 3600.0 AS response_hours
  FROM support.support_threads_data AS ticket
  JOIN support.support_dialogs AS message ON message.thread_id = ticket.thread_id
  WHERE (CAST(:period_start AS timestamptz) IS NULL OR ticket.created_at >= :period_start)
    AND (CAST(:period_end AS timestamptz) IS NULL OR ticket.created_at < :period_end)
  GROUP BY ticket.thread_id, ticket.channel
)
SELECT channel, AVG(response_hours) AS mean_hours,
  PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY response_hours) AS median_hours,
  PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY response_hours) AS p90_hours,
  COUNT(*) AS tickets
FROM answered
WHERE response_hours IS NOT NULL
GROUP BY channel
ORDER BY mean_hours DESC, channel
-- </query>
