-- <query name>incident_days</query name>
-- <query description>
-- Days on which the pipeline failed far more than usual: at least 10 failed tasks and a failure rate of at least
-- three times the median day of the period. Grain: one row per such day.
-- </query description>
-- <query questions>
-- - Which days had incidents?
-- - "Which days had incidents {period}?"
-- - Were there incidents?
-- - "Were there incidents {period}?"
-- - Incident days
-- - "Incident days {period}"
-- - When did the pipeline have outages?
-- - "When did the pipeline have outages {period}?"
-- - On which days did the pipeline fail most?
-- - "On which days did the pipeline fail most {period}?"
-- - Unusual days in the pipeline
-- - "Unusual days in the pipeline {period}"
-- - Show incidents
-- - "Show incidents {period}"
-- - В какие дни были инциденты?
-- - "В какие дни были инциденты {period}?"
-- - Были ли инциденты?
-- - "Были ли инциденты {period}?"
-- - Дни инцидентов
-- - "Дни инцидентов {period}"
-- - Когда были сбои?
-- - "Когда были сбои {period}?"
-- - Покажи инциденты
-- - "Покажи инциденты {period}"
-- - Аномальные дни в пайплайне
-- - "Аномальные дни в пайплайне {period}"
-- - "días de incidentes en el pipeline"
-- - "días de incidentes en el pipeline {period}"
-- - "¿Qué días hubo incidentes en el pipeline?"
-- - "¿Qué días hubo incidentes en el pipeline? {period}"
-- - "jours d'incident du pipeline"
-- - "jours d'incident du pipeline {period}"
-- - "Quels jours y a-t-il eu des incidents dans le pipeline ?"
-- - "Quels jours y a-t-il eu des incidents dans le pipeline ? {period}"
-- - "ימי תקלות בפייפליין"
-- - "ימי תקלות בפייפליין {period}"
-- - "באילו ימים היו תקלות חריגות בפייפליין"
-- - "באילו ימים היו תקלות חריגות בפייפליין {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- day: {label: {en: Day, ru: День}, unit: date, role: time}
-- failure_rate: {label: {en: Failure rate, ru: Доля ошибок}, unit: percent, role: metric, better: lower}
-- usual_rate: {label: {en: Median day, ru: Обычный день}, unit: percent, role: attribute}
-- errors: {label: {en: Errors, ru: Ошибки}, unit: count, role: metric, better: lower}
-- finished_tasks: {label: {en: Finished tasks, ru: Завершённые задачи}, unit: count, role: metric}
-- tickets: {label: {en: Tickets hit, ru: Затронуто тикетов}, unit: count, role: metric, better: lower}
-- </query columns>
-- <query headline>
-- en: "Days with incidents {period.period}: {rows}. The worst is {first.day}: {first.failure_rate} of tasks failed, usually {first.usual_rate}; {first.tickets:ticket|tickets} hit."
-- ru: "Дней с инцидентами {period.period}: {rows}. Худший — {first.day}: ошибок {first.failure_rate} при обычных {first.usual_rate}; затронуто тикетов {first.tickets}."
-- </query headline>
-- <query empty>
-- en: "No day {period.period} had at least 10 errors and three times the usual failure rate."
-- ru: "Дней, когда ошибок не менее 10 и втрое больше обычного, {period.period} не было."
-- </query empty>
-- <query chart>
-- {kind: bar, x: day, y: [failure_rate]}
-- </query chart>
-- <query metrics>
-- [pipeline_failure_rate]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - What are the most common pipeline errors?
-- - Which pipeline step fails most often?
-- ru:
-- - Самые частые ошибки pipeline
-- - На каком шаге pipeline чаще всего ошибки?
-- </query follow_ups>
-- <query>
WITH days AS (
  SELECT CAST(date_trunc('day', created_at) AS date) AS day,
    COUNT(*) FILTER (WHERE status = 'failed') AS errors,
    COUNT(*) FILTER (WHERE status IN ('done', 'failed')) AS finished_tasks,
    COUNT(DISTINCT thread_id) FILTER (WHERE status = 'failed') AS tickets
  FROM support.ai_agent_tasks
  WHERE (CAST(:period_start AS timestamptz) IS NULL OR created_at >= :period_start)
    AND (CAST(:period_end AS timestamptz) IS NULL OR created_at < :period_end)
  GROUP BY 1
), usual AS (
  SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY 100.0 * errors / NULLIF(finished_tasks, 0)) AS usual_rate
  FROM days
)
SELECT days.day, 100.0 * days.errors / days.finished_tasks AS failure_rate, usual.usual_rate, days.errors,
  days.finished_tasks, days.tickets
FROM days
CROSS JOIN usual
WHERE days.errors >= 10
  AND 100.0 * days.errors / NULLIF(days.finished_tasks, 0) >= 3 * usual.usual_rate
ORDER BY failure_rate DESC, days.day
LIMIT 100
-- </query>
