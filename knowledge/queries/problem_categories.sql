-- <query name>problem_categories</query name>
-- <query description>
-- Which category gives the most trouble. Every category is ranked on five signs — resolution rate, AI loss rate,
-- CSAT, pipeline failure rate, share of its tickets that are stuck now — and the ranks are averaged: 1 would be
-- worst on every sign. Grain: one row per category.
-- </query description>
-- <query questions>
-- - Which category is the most problematic?
-- - "Which category is the most problematic {period}?"
-- - Most problematic categories
-- - "Most problematic categories {period}"
-- - Which categories are problematic?
-- - "Which categories are problematic {period}?"
-- - Which category causes the most trouble?
-- - "Which category causes the most trouble {period}?"
-- - What is the worst category?
-- - "What is the worst category {period}?"
-- - Where do we have the biggest problems?
-- - "Where do we have the biggest problems {period}?"
-- - Worst categories
-- - "Worst categories {period}"
-- - Какая категория самая проблемная?
-- - "Какая категория самая проблемная {period}?"
-- - Какие категории самые проблемные?
-- - "Какие категории самые проблемные {period}?"
-- - Самая проблемная категория
-- - "Самая проблемная категория {period}"
-- - Самые проблемные категории
-- - "Самые проблемные категории {period}"
-- - Где у нас больше всего проблем?
-- - "Где у нас больше всего проблем {period}?"
-- - Какая категория хуже всего?
-- - "Какая категория хуже всего {period}?"
-- - Худшие категории
-- - "Худшие категории {period}"
-- - Проблемные категории
-- - "Проблемные категории {period}"
-- - "¿Qué categoría es la más problemática?"
-- - "Quelle catégorie est la plus problématique ?"
-- - "איזו קטגוריה הכי בעייתית?"
-- - "¿Qué categoría es la más problemática? {period}"
-- - "¿Qué categorías dan más problemas?"
-- - "¿Qué categorías dan más problemas? {period}"
-- - "¿Cuál es la categoría más problemática?"
-- - "¿Cuál es la categoría más problemática? {period}"
-- - "categorías más problemáticas"
-- - "categorías más problemáticas {period}"
-- - "Quelle catégorie est la plus problématique ? {period}"
-- - "Quelles catégories posent le plus de problèmes ?"
-- - "Quelles catégories posent le plus de problèmes ? {period}"
-- - "catégories les plus problématiques"
-- - "catégories les plus problématiques {period}"
-- - "איזו קטגוריה הכי בעייתית"
-- - "איזו קטגוריה הכי בעייתית {period}"
-- - "מה הקטגוריה הבעייתית ביותר"
-- - "מה הקטגוריה הבעייתית ביותר {period}"
-- - "אילו קטגוריות הכי בעייתיות"
-- - "אילו קטגוריות הכי בעייתיות {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- request_type: {label: {en: Category, ru: Категория}, unit: text, role: dimension, dimension: category}
-- mean_rank: {label: {en: Mean rank (1 = worst), ru: Средний ранг (1 — хуже всех)}, unit: number, role: metric, better: higher}
-- resolution_rate: {label: {en: Resolution rate, ru: Resolution rate}, unit: percent, role: metric, better: higher}
-- loss_rate: {label: {en: AI loss rate, ru: Доля поражений AI}, unit: percent, role: metric, better: lower}
-- csat: {label: {en: CSAT, ru: CSAT}, unit: score, role: metric, better: higher}
-- failure_rate: {label: {en: Failure rate, ru: Доля ошибок}, unit: percent, role: metric, better: lower}
-- stuck_rate: {label: {en: "Stuck now, % of tickets", ru: "Застряли сейчас, % тикетов"}, unit: percent, role: metric, better: lower}
-- tickets: {label: {en: Tickets, ru: Тикеты}, unit: count, role: metric}
-- </query columns>
-- <query headline>
-- en: "Most problematic {period.period}: “{first.request_type}” (mean rank {first.mean_rank} over five signs): resolution rate {first.resolution_rate}, AI loss rate {first.loss_rate}, CSAT {first.csat}, pipeline failures {first.failure_rate}, stuck now {first.stuck_rate} of its tickets."
-- ru: "Самая проблемная категория {period.period}: «{first.request_type}» (средний ранг {first.mean_rank} по пяти признакам): resolution rate {first.resolution_rate}, доля поражений AI {first.loss_rate}, CSAT {first.csat}, ошибки pipeline {first.failure_rate}, застряли сейчас {first.stuck_rate} тикетов."
-- </query headline>
-- <query empty>
-- en: "No tickets were created {period.period}."
-- ru: "Тикетов {period.period} нет."
-- </query empty>
-- <query caution>
-- en: "Problematic means the worst mean rank over these five signs; weigh them for yourself."
-- ru: "Проблемная — с худшим средним рангом по этим пяти признакам; взвесьте их сами."
-- </query caution>
-- <query chart>
-- {kind: bar, x: request_type, y: [mean_rank]}
-- </query chart>
-- <query metrics>
-- [resolution_rate, ai_loss_rate, csat, pipeline_failure_rate]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Where does AI make the most mistakes?
-- - Which categories have the lowest resolution rate?
-- - Which categories have the most stuck tickets?
-- ru:
-- - Где AI ошибается чаще всего?
-- - Какие категории имеют самый низкий resolution rate?
-- - В каких категориях больше всего застрявших тикетов?
-- </query follow_ups>
-- <query>
WITH tickets AS (
  SELECT request_type, COUNT(*) AS tickets,
    100.0 * COUNT(*) FILTER (WHERE status IN ('Draft Created', 'Sent'))
      / NULLIF(COUNT(*) FILTER (WHERE status IN ('AI Answered', 'Draft Created', 'Sent')), 0) AS resolution_rate,
    AVG(csat_score) AS csat,
    100.0 * COUNT(*) FILTER (WHERE {stuck})
      / COUNT(*) AS stuck_rate
  FROM support.support_threads_data
  WHERE (CAST(:period_start AS timestamptz) IS NULL OR created_at >= :period_start)
    AND (CAST(:period_end AS timestamptz) IS NULL OR created_at < :period_end)
  GROUP BY request_type
), compared AS (
  SELECT request_type, 100.0 * COUNT(*) FILTER (WHERE verdict = 'human_better') / COUNT(*) AS loss_rate
  FROM support.ai_human_comparison
  WHERE (CAST(:period_start AS timestamptz) IS NULL OR compared_at >= :period_start)
    AND (CAST(:period_end AS timestamptz) IS NULL OR compared_at < :period_end)
  GROUP BY request_type
), pipeline AS (
  SELECT ticket.request_type, 100.0 * COUNT(*) FILTER (WHERE task.status = 'failed')
    / NULLIF(COUNT(*) FILTER (WHERE task.status IN ('done', 'failed')), 0) AS failure_rate
  FROM support.ai_agent_tasks AS task
  JOIN support.support_threads_data AS ticket ON ticket.thread_id = task.thread_id
  WHERE (CAST(:period_start AS timestamptz) IS NULL OR task.created_at >= :period_start)
    AND (CAST(:period_end AS timestamptz) IS NULL OR task.created_at < :period_end)
  GROUP BY ticket.request_type
), ranked AS (
  SELECT tickets.request_type, tickets.tickets, tickets.resolution_rate, compared.loss_rate, tickets.csat,
    pipeline.failure_rate, tickets.stuck_rate,
    RANK() OVER (ORDER BY tickets.resolution_rate NULLS LAST)
      + RANK() OVER (ORDER BY compared.loss_rate DESC NULLS LAST)
      + RANK() OVER (ORDER BY tickets.csat NULLS LAST)
      + RANK() OVER (ORDER BY pipeline.failure_rate DESC NULLS LAST)
      + RANK() OVER (ORDER BY tickets.stuck_rate DESC NULLS LAST) AS ranks
  FROM tickets
  LEFT JOIN compared ON compared.request_type = tickets.request_type
  LEFT JOIN pipeline ON pipeline.request_type = tickets.request_type
)
SELECT request_type, ranks / 5.0 AS mean_rank, resolution_rate, loss_rate, csat, failure_rate, stuck_rate, tickets
FROM ranked
ORDER BY ranks, request_type
-- </query>
