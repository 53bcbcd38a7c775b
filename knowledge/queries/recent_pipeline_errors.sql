-- <query name>recent_pipeline_errors</query name>
-- <query description>
-- Failed tasks of the AI pipeline in a recent period by step and kind of error; the raw error text can quote
-- customers and is not shown. Grain: one row per step and kind.
-- </query description>
-- <query questions>
-- - Were there errors in the pipeline?
-- - "Were there errors in the pipeline {period}?"
-- - Were there pipeline errors?
-- - "Were there pipeline errors {period}?"
-- - Any errors in the pipeline?
-- - "Any errors in the pipeline {period}?"
-- - Были ли ошибки в pipeline?
-- - "Были ли ошибки в pipeline {period}?"
-- - Есть ли ошибки в pipeline?
-- - "Есть ли ошибки в pipeline {period}?"
-- - Были ли сбои в пайплайне?
-- - "Были ли сбои в пайплайне {period}?"
-- - "errores recientes del pipeline"
-- - "errores recientes del pipeline {period}"
-- - "erreurs récentes du pipeline"
-- - "erreurs récentes du pipeline {period}"
-- - "שגיאות אחרונות בפייפליין"
-- - "שגיאות אחרונות בפייפליין {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: last 24 hours, description: Period}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- task_type: {label: {en: Step, ru: Шаг}, unit: text, role: dimension, dimension: task_type}
-- kind: {label: {en: Kind of error, ru: Вид ошибки}, unit: text, role: dimension}
-- errors: {label: {en: Errors, ru: Ошибки}, unit: count, role: metric, better: lower}
-- tickets: {label: {en: Tickets, ru: Тикеты}, unit: count, role: metric}
-- first_at: {label: {en: First, ru: Первый раз}, unit: time, role: attribute}
-- last_at: {label: {en: Last, ru: Последний раз}, unit: time, role: attribute}
-- </query columns>
-- <query headline>
-- en: "Yes, {sum.errors:pipeline error|pipeline errors} {period.period}; most often “{first.kind}” at step “{first.task_type}”: {first.errors}."
-- ru: "Да, ошибок в pipeline {period.period}: {sum.errors}; чаще всего «{first.kind}» на шаге «{first.task_type}»: {first.errors}."
-- </query headline>
-- <query empty>
-- en: "No, there were no errors in the pipeline {period.period}."
-- ru: "Нет, ошибок в pipeline {period.period} не было."
-- </query empty>
-- <query chart>
-- {kind: bar, x: task_type, y: [errors]}
-- </query chart>
-- <query metrics>
-- [pipeline_errors]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Pipeline failure rate by step
-- - Which days had incidents?
-- - Show tickets stuck at Data collected
-- ru:
-- - Доля ошибок pipeline по шагам
-- - В какие дни были инциденты?
-- - Покажи тикеты, которые застряли на статусе Data collected
-- </query follow_ups>
-- <query>
WITH failed AS (
  SELECT task_type, thread_id, created_at,
    CASE
      WHEN error_message ILIKE '%timeout%' THEN 'timeout'
      WHEN error_message ILIKE '%rate limit%' THEN 'rate limit'
      WHEN error_message ~ 'HTTP [45][0-9][0-9]' THEN 'service error'
      WHEN error_message ILIKE '%connection%' OR error_message ILIKE '%temporary%' THEN 'connection'
      WHEN error_message ILIKE '%parse%' OR error_message ILIKE '%model returned%' OR error_message ILIKE '%context too long%'
        THEN 'unusable model output'
      WHEN error_message ILIKE '%rejected%' OR error_message ILIKE '%refused%' THEN 'rejected'
      WHEN error_message ILIKE '%no customer%' OR error_message ILIKE '%two customers%' THEN 'customer not identified'
      WHEN error_message ILIKE '%not found%' OR error_message ILIKE '%no answer%' THEN 'not found'
      ELSE 'other'
    END AS kind
  FROM support.ai_agent_tasks
  WHERE status = 'failed'
    AND (CAST(:period_start AS timestamptz) IS NULL OR created_at >= :period_start)
    AND (CAST(:period_end AS timestamptz) IS NULL OR created_at < :period_end)
)
SELECT task_type, kind, COUNT(*) AS errors, COUNT(DISTINCT thread_id) AS tickets,
  MIN(created_at) AS first_at, MAX(created_at) AS last_at
FROM failed
GROUP BY task_type, kind
ORDER BY errors DESC, task_type, kind
-- </query>
