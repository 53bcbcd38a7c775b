-- <query name>language_overview</query name>
-- <query description>
-- How support works in each language: tickets, resolution rate, unidentified share, CSAT and AI loss rate. Grain:
-- one row per language.
-- </query description>
-- <query questions>
-- - Overview by language
-- - "Overview by language {period}"
-- - How do we do in each language?
-- - "How do we do in each language {period}?"
-- - Compare languages
-- - "Compare languages {period}"
-- - Key metrics by language
-- - "Key metrics by language {period}"
-- - Обзор по языкам
-- - "Обзор по языкам {period}"
-- - Сравни языки
-- - "Сравни языки {period}"
-- - Основные показатели по языкам
-- - "Основные показатели по языкам {period}"
-- - Показатели по языкам
-- - "Показатели по языкам {period}"
-- - "resumen por idioma"
-- - "resumen por idioma {period}"
-- - "aperçu par langue"
-- - "aperçu par langue {period}"
-- - "סקירה לפי שפה"
-- - "סקירה לפי שפה {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- language: {label: {en: Language, ru: Язык}, unit: text, role: dimension, dimension: language}
-- tickets: {label: {en: Tickets, ru: Тикеты}, unit: count, role: metric}
-- resolution_rate: {label: {en: Resolution rate, ru: Resolution rate}, unit: percent, role: metric, better: higher}
-- unidentified_rate: {label: {en: Unidentified, ru: "Не идентифицированы, %"}, unit: percent, role: metric, better: lower}
-- csat: {label: {en: CSAT, ru: CSAT}, unit: score, role: metric, better: higher}
-- loss_rate: {label: {en: AI loss rate, ru: Доля поражений AI}, unit: percent, role: metric, better: lower}
-- </query columns>
-- <query headline>
-- en: "Lowest resolution rate {period.period}: {first.language}, {first.resolution_rate}; highest: {last.language}, {last.resolution_rate}."
-- ru: "Самый низкий resolution rate {period.period}: {first.language}, {first.resolution_rate}; самый высокий: {last.language}, {last.resolution_rate}."
-- </query headline>
-- <query empty>
-- en: "No tickets were created {period.period}."
-- ru: "Тикетов {period.period} нет."
-- </query empty>
-- <query chart>
-- {kind: bar, x: language, y: [resolution_rate]}
-- </query chart>
-- <query metrics>
-- [resolution_rate, unidentified_rate, csat, ai_loss_rate]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Tickets by language last month
-- - CSAT by language
-- ru:
-- - Тикеты по языкам за прошлый месяц
-- - CSAT по языкам
-- </query follow_ups>
-- <query>
WITH compared AS (
  SELECT ticket.language, 100.0 * COUNT(*) FILTER (WHERE comparison.verdict = 'human_better') / COUNT(*) AS loss_rate
  FROM support.ai_human_comparison AS comparison
  JOIN support.support_threads_data AS ticket ON ticket.thread_id = comparison.thread_id
  WHERE (CAST(:period_start AS timestamptz) IS NULL OR comparison.compared_at >= :period_start)
    AND (CAST(:period_end AS timestamptz) IS NULL OR comparison.compared_at < :period_end)
  GROUP BY ticket.language
), tickets AS (
  SELECT language, COUNT(*) AS tickets,
    100.0 * COUNT(*) FILTER (WHERE status IN ('Draft Created', 'Sent'))
      / NULLIF(COUNT(*) FILTER (WHERE status IN ('AI Answered', 'Draft Created', 'Sent')), 0) AS resolution_rate,
    100.0 * COUNT(*) FILTER (WHERE customer_id IS NULL) / COUNT(*) AS unidentified_rate,
    AVG(csat_score) AS csat
  FROM support.support_threads_data
  WHERE (CAST(:period_start AS timestamptz) IS NULL OR created_at >= :period_start)
    AND (CAST(:period_end AS timestamptz) IS NULL OR created_at < :period_end)
  GROUP BY language
)
SELECT tickets.language, tickets.tickets, tickets.resolution_rate, tickets.unidentified_rate, tickets.csat,
  compared.loss_rate
FROM tickets
LEFT JOIN compared ON compared.language = tickets.language
ORDER BY tickets.resolution_rate, tickets.language
-- </query>
