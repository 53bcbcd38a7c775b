-- <query name>unidentified_by_channel</query name>
-- <query description>
-- Tickets whose customer was not identified, by channel, with the share of that channel's tickets. Grain: one row
-- per channel.
-- </query description>
-- <query questions>
-- - Where does customer identification fail?
-- - "Where does customer identification fail {period}?"
-- - Where do we fail to identify customers?
-- - "Where do we fail to identify customers {period}?"
-- - Где не срабатывает идентификация клиентов?
-- - "Где не срабатывает идентификация клиентов {period}?"
-- - Где не проходит customer identification?
-- - "Где не проходит customer identification {period}?"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- channel: {label: {en: Channel, ru: Канал}, unit: text, role: dimension, dimension: channel}
-- unidentified_rate: {label: {en: Unidentified, ru: "Не идентифицированы, %"}, unit: percent, role: metric, better: lower}
-- unidentified: {label: {en: Unidentified, ru: Не идентифицированы}, unit: count, role: metric, better: lower}
-- tickets: {label: {en: Tickets, ru: Тикеты}, unit: count, role: metric}
-- </query columns>
-- <query headline>
-- en: "Identification fails most often {period.period} in {first.channel}: {first.unidentified_rate} of its tickets. In all {sum.unidentified} of {sum.tickets}."
-- ru: "Идентификация не проходит чаще всего {period.period} в канале «{first.channel}»: {first.unidentified_rate} его тикетов. Всего {sum.unidentified} из {sum.tickets}."
-- </query headline>
-- <query empty>
-- en: "No tickets were created {period.period}."
-- ru: "Тикетов {period.period} нет."
-- </query empty>
-- <query chart>
-- {kind: bar, x: channel, y: [unidentified_rate]}
-- </query chart>
-- <query metrics>
-- [unidentified_rate]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - What share of tickets is unidentified?
-- - Unidentified tickets by category
-- ru:
-- - Какой процент тикетов не прошёл customer identification?
-- - Неидентифицированные тикеты по категориям
-- </query follow_ups>
-- <query>
SELECT channel,
  100.0 * COUNT(*) FILTER (WHERE customer_id IS NULL) / COUNT(*) AS unidentified_rate,
  COUNT(*) FILTER (WHERE customer_id IS NULL) AS unidentified,
  COUNT(*) AS tickets
FROM support.support_threads_data
WHERE (CAST(:period_start AS timestamptz) IS NULL OR created_at >= :period_start)
  AND (CAST(:period_end AS timestamptz) IS NULL OR created_at < :period_end)
GROUP BY channel
ORDER BY unidentified_rate DESC, channel
-- </query>
