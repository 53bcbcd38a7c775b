-- <query name>pipeline_failure_by_step</query name>
-- <query description>
-- How often each step of the AI pipeline fails, how long it takes and how many tickets it hit. Grain: one row per
-- step.
-- </query description>
-- <query questions>
-- - Which pipeline step fails most often?
-- - "Which pipeline step fails most often {period}?"
-- - Which step of the pipeline fails most?
-- - "Which step of the pipeline fails most {period}?"
-- - Where does the pipeline break?
-- - "Where does the pipeline break {period}?"
-- - At which step does the pipeline fail?
-- - "At which step does the pipeline fail {period}?"
-- - Health of pipeline steps
-- - "Health of pipeline steps {period}"
-- - На каком шаге pipeline чаще всего ошибки?
-- - "На каком шаге pipeline чаще всего ошибки {period}?"
-- - Какой шаг pipeline падает чаще всего?
-- - "Какой шаг pipeline падает чаще всего {period}?"
-- - Где ломается пайплайн?
-- - "Где ломается пайплайн {period}?"
-- - Какой шаг пайплайна самый ненадёжный?
-- - "Какой шаг пайплайна самый ненадёжный {period}?"
-- - На каком шаге падает пайплайн?
-- - "На каком шаге падает пайплайн {period}?"
-- - Где в пайплайне чаще всего ломается?
-- - "Где в пайплайне чаще всего ломается {period}?"
-- - На каком этапе пайплайна больше всего ошибок?
-- - "На каком этапе пайплайна больше всего ошибок {period}?"
-- - Где чаще всего падает пайплайн?
-- - "Где чаще всего падает пайплайн {period}?"
-- - В каком месте чаще всего падает пайплайн?
-- - "В каком месте чаще всего падает пайплайн {period}?"
-- - На каком этапе чаще всего падает пайплайн?
-- - "На каком этапе чаще всего падает пайплайн {period}?"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- task_type: {label: {en: Step, ru: Шаг}, unit: text, role: dimension, dimension: task_type}
-- failure_rate: {label: {en: Failure rate, ru: Доля ошибок}, unit: percent, role: metric, better: lower}
-- errors: {label: {en: Errors, ru: Ошибки}, unit: count, role: metric, better: lower}
-- finished_tasks: {label: {en: Finished tasks, ru: Завершённые задачи}, unit: count, role: metric}
-- tickets: {label: {en: Tickets hit, ru: Затронуто тикетов}, unit: count, role: metric, better: lower}
-- mean_seconds: {label: {en: Mean duration, ru: Средняя длительность}, unit: seconds, role: metric, better: lower}
-- </query columns>
-- <query headline>
-- en: "The step that fails most often {period.period} is “{first.task_type}”: {first.failure_rate} of {first.finished_tasks:finished task|finished tasks}. Errors in all: {sum.errors}."
-- ru: "Чаще всего ошибки {period.period} на шаге «{first.task_type}»: {first.failure_rate} из {first.finished_tasks:завершённой задачи|завершённых задач|завершённых задач}. Всего ошибок: {sum.errors}."
-- </query headline>
-- <query empty>
-- en: "There were no pipeline tasks {period.period}."
-- ru: "Задач pipeline {period.period} не было."
-- </query empty>
-- <query chart>
-- {kind: bar, x: task_type, y: [failure_rate]}
-- </query chart>
-- <query metrics>
-- [pipeline_failure_rate, pipeline_errors]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - What are the most common pipeline errors?
-- - Pipeline failure rate by week for the last 8 weeks
-- ru:
-- - Самые частые ошибки pipeline
-- - Доля ошибок pipeline по неделям за последние 8 недель
-- </query follow_ups>
-- <query>
SELECT task_type,
  100.0 * COUNT(*) FILTER (WHERE status = 'failed')
    / NULLIF(COUNT(*) FILTER (WHERE status IN ('done', 'failed')), 0) AS failure_rate,
  COUNT(*) FILTER (WHERE status = 'failed') AS errors,
  COUNT(*) FILTER (WHERE status IN ('done', 'failed')) AS finished_tasks,
  COUNT(DISTINCT thread_id) FILTER (WHERE status = 'failed') AS tickets,
  AVG(EXTRACT(EPOCH FROM finished_at - started_at)) AS mean_seconds
FROM support.ai_agent_tasks
WHERE (CAST(:period_start AS timestamptz) IS NULL OR created_at >= :period_start)
  AND (CAST(:period_end AS timestamptz) IS NULL OR created_at < :period_end)
GROUP BY task_type
ORDER BY failure_rate DESC NULLS LAST, task_type
-- </query>
