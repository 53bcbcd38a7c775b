-- <query name>common_pipeline_errors</query name>
-- <query description>
-- The most common errors of the AI pipeline by step and kind, with their share of all errors. Grain: one row per
-- step and kind.
-- </query description>
-- <query questions>
-- - What are the most common pipeline errors?
-- - "What are the most common pipeline errors {period}?"
-- - Most common errors in the pipeline
-- - "Most common errors in the pipeline {period}"
-- - Most frequent pipeline errors
-- - "Most frequent pipeline errors {period}"
-- - Top pipeline errors
-- - "Top pipeline errors {period}"
-- - What fails most often in the pipeline?
-- - "What fails most often in the pipeline {period}?"
-- - Самые частые ошибки pipeline
-- - "Самые частые ошибки pipeline {period}"
-- - Какие ошибки в пайплайне самые частые?
-- - "Какие ошибки в пайплайне самые частые {period}?"
-- - Топ ошибок pipeline
-- - "Топ ошибок pipeline {period}"
-- - Что чаще всего падает в пайплайне?
-- - "Что чаще всего падает в пайплайне {period}?"
-- - Какие ошибки чаще всего вылетают в пайплайне?
-- - "Какие ошибки чаще всего вылетают в пайплайне {period}?"
-- - Из-за чего чаще всего падает пайплайн?
-- - "Из-за чего чаще всего падает пайплайн {period}?"
-- - Какие ошибки чаще всего встречаются в пайплайне?
-- - "Какие ошибки чаще всего встречаются в пайплайне {period}?"
-- - Из-за чего падают задачи в пайплайне?
-- - "Из-за чего падают задачи в пайплайне {period}?"
-- - "errores más comunes del pipeline"
-- - "errores más comunes del pipeline {period}"
-- - "errores más frecuentes en el pipeline"
-- - "errores más frecuentes en el pipeline {period}"
-- - "¿Cuáles son los errores más frecuentes del pipeline?"
-- - "¿Cuáles son los errores más frecuentes del pipeline? {period}"
-- - "mensajes de error más frecuentes del pipeline"
-- - "mensajes de error más frecuentes del pipeline {period}"
-- - "¿Cuál es el mensaje de error más repetido en el pipeline?"
-- - "¿Cuál es el mensaje de error más repetido en el pipeline? {period}"
-- - "¿Qué es lo que más falla en el pipeline?"
-- - "¿Qué es lo que más falla en el pipeline? {period}"
-- - "erreurs les plus fréquentes du pipeline"
-- - "erreurs les plus fréquentes du pipeline {period}"
-- - "Quelles sont les erreurs les plus courantes du pipeline ?"
-- - "Quelles sont les erreurs les plus courantes du pipeline ? {period}"
-- - "messages d'erreur les plus fréquents du pipeline"
-- - "messages d'erreur les plus fréquents du pipeline {period}"
-- - "Qu'est-ce qui plante le plus souvent dans le pipeline ?"
-- - "Qu'est-ce qui plante le plus souvent dans le pipeline ? {period}"
-- - "Qu'est-ce qui échoue le plus souvent dans le pipeline ?"
-- - "Qu'est-ce qui échoue le plus souvent dans le pipeline ? {period}"
-- - "שגיאות הנפוצות ביותר בפייפליין"
-- - "שגיאות הנפוצות ביותר בפייפליין {period}"
-- - "מה השגיאות הכי נפוצות בפייפליין"
-- - "מה השגיאות הכי נפוצות בפייפליין {period}"
-- - "הודעות השגיאה הנפוצות ביותר בפייפליין"
-- - "הודעות השגיאה הנפוצות ביותר בפייפליין {period}"
-- - "מה הכי נופל בפייפליין"
-- - "מה הכי נופל בפייפליין {period}"
-- - "מה נכשל הכי הרבה בפייפליין"
-- - "מה נכשל הכי הרבה בפייפליין {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- kind: {label: {en: Kind of error, ru: Вид ошибки}, unit: text, role: dimension}
-- task_type: {label: {en: Step, ru: Шаг}, unit: text, role: dimension, dimension: task_type}
-- errors: {label: {en: Errors, ru: Ошибки}, unit: count, role: metric, better: lower}
-- share: {label: {en: Share, ru: Доля}, unit: percent, role: share}
-- tickets: {label: {en: Tickets, ru: Тикеты}, unit: count, role: metric}
-- last_at: {label: {en: Last, ru: Последний раз}, unit: time, role: attribute}
-- </query columns>
-- <query headline>
-- en: "Most common pipeline error {period.period}: “{first.kind}” at step “{first.task_type}”, {first.errors} of {sum.errors} ({first.share})."
-- ru: "Самая частая ошибка pipeline {period.period}: «{first.kind}» на шаге «{first.task_type}», {first.errors} из {sum.errors} ({first.share})."
-- </query headline>
-- <query empty>
-- en: "There were no errors in the pipeline {period.period}."
-- ru: "Ошибок в pipeline {period.period} не было."
-- </query empty>
-- <query chart>
-- {kind: bar, x: kind, y: [errors]}
-- </query chart>
-- <query metrics>
-- [pipeline_errors]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Pipeline failure rate by step
-- - Which days had incidents?
-- ru:
-- - Доля ошибок pipeline по шагам
-- - В какие дни были инциденты?
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
SELECT kind, task_type, COUNT(*) AS errors, 100.0 * COUNT(*) / SUM(COUNT(*)) OVER () AS share,
  COUNT(DISTINCT thread_id) AS tickets, MAX(created_at) AS last_at
FROM failed
GROUP BY kind, task_type
ORDER BY errors DESC, kind, task_type
-- </query>
