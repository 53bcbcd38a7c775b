-- <query name>csat_by_channel</query name>
-- <query description>
-- CSAT by channel with its response rate (rated ÷ sent) and the share of low ratings. Grain: one row per channel.
-- </query description>
-- <query questions>
-- - CSAT by channel with response rate
-- - "CSAT by channel with response rate {period}"
-- - How satisfied are customers by channel?
-- - "How satisfied are customers by channel {period}?"
-- - CSAT and response rate by channel
-- - "CSAT and response rate by channel {period}"
-- - Customer satisfaction by channel and response rate
-- - "Customer satisfaction by channel and response rate {period}"
-- - CSAT по каналам с долей ответов
-- - "CSAT по каналам с долей ответов {period}"
-- - Удовлетворённость по каналам и доля оценивших
-- - "Удовлетворённость по каналам и доля оценивших {period}"
-- - CSAT и доля ответов по каналам
-- - "CSAT и доля ответов по каналам {period}"
-- - CSAT по каналам с response rate
-- - "CSAT по каналам с response rate {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- channel: {label: {en: Channel, ru: Канал}, unit: text, role: dimension, dimension: channel}
-- csat: {label: {en: CSAT, ru: CSAT}, unit: score, role: metric, better: higher}
-- rated: {label: {en: Rated, ru: Оценено}, unit: count, role: metric}
-- sent: {label: {en: Sent, ru: Отправлено}, unit: count, role: metric}
-- response_rate: {label: {en: Response rate, ru: Доля оценивших}, unit: percent, role: metric, better: higher}
-- low_rate: {label: {en: Rated 1 or 2, ru: Оценки 1 и 2}, unit: percent, role: metric, better: lower}
-- </query columns>
-- <query headline>
-- en: "Best CSAT {period.period}: {first.channel}, {first.csat} (rated by {first.response_rate}); lowest: {last.channel}, {last.csat} (rated by {last.response_rate})."
-- ru: "Лучший CSAT {period.period}: {first.channel}, {first.csat} (оценили {first.response_rate}); худший: {last.channel}, {last.csat} (оценили {last.response_rate})."
-- es: "Mejor CSAT {period.period}: {first.channel}, {first.csat} (valoró el {first.response_rate}); el más bajo: {last.channel}, {last.csat} (valoró el {last.response_rate})."
-- fr: "Meilleur CSAT {period.period} : {first.channel}, {first.csat} (notés : {first.response_rate}) ; le plus bas : {last.channel}, {last.csat} (notés : {last.response_rate})."
-- he: "ה-CSAT הגבוה ביותר {period.period}: {first.channel}, {first.csat} (דירגו: {first.response_rate}); הנמוך ביותר: {last.channel}, {last.csat} (דירגו: {last.response_rate})."
-- </query headline>
-- <query empty>
-- en: "No tickets were created {period.period}."
-- ru: "Тикетов {period.period} нет."
-- es: "No se crearon tickets {period.period}."
-- fr: "Aucun ticket n'a été créé {period.period}."
-- he: "לא נפתחו פניות {period.period}."
-- </query empty>
-- <query chart>
-- {kind: bar, x: channel, y: [csat]}
-- </query chart>
-- <query metrics>
-- [csat, csat_response_rate]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - CSAT by category
-- - First response time by channel
-- ru:
-- - CSAT по категориям
-- - Время первого ответа по каналам
-- </query follow_ups>
-- <query>
SELECT channel, AVG(csat_score) AS csat, COUNT(csat_score) AS rated,
  COUNT(*) FILTER (WHERE status = 'Sent') AS sent,
  100.0 * COUNT(csat_score) / NULLIF(COUNT(*) FILTER (WHERE status = 'Sent'), 0) AS response_rate,
  100.0 * COUNT(*) FILTER (WHERE csat_score <= 2) / NULLIF(COUNT(csat_score), 0) AS low_rate
FROM support.support_threads_data
WHERE (CAST(:period_start AS timestamptz) IS NULL OR created_at >= :period_start)
  AND (CAST(:period_end AS timestamptz) IS NULL OR created_at < :period_end)
GROUP BY channel
ORDER BY csat DESC NULLS LAST, channel
-- </query>
