-- <query name>pipeline_queue</query name>
-- <query description>
-- Tasks of the AI pipeline that are queued or running as of now, by step, with the longest wait. Grain: one row
-- per step that has such tasks.
-- </query description>
-- <query questions>
-- - What is in the pipeline queue?
-- - Which tasks are waiting in the pipeline?
-- - What is running in the pipeline now?
-- - State of the pipeline queue
-- - Is anything waiting in the pipeline?
-- - Which tasks hang in the pipeline?
-- - Что в очереди пайплайна?
-- - Какие задачи ждут в pipeline?
-- - Что сейчас выполняется в пайплайне?
-- - Состояние очереди pipeline
-- - Какие задачи зависли в пайплайне?
-- - Какие таски висят в очереди?
-- - "¿Qué hay en la cola del pipeline?"
-- - "¿Qué tareas esperan en la cola del pipeline?"
-- - "Qu'y a-t-il dans la file du pipeline ?"
-- - "מה יש בתור של הפייפליין"
-- </query questions>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- task_type: {label: {en: Step, ru: Шаг}, unit: text, role: dimension, dimension: task_type}
-- queued: {label: {en: Queued, ru: В очереди}, unit: count, role: metric, better: lower}
-- running: {label: {en: Running, ru: Выполняются}, unit: count, role: metric}
-- tickets: {label: {en: Tickets, ru: Тикеты}, unit: count, role: metric}
-- oldest_at: {label: {en: Oldest, ru: Самый старый}, unit: time, role: attribute}
-- longest_hours: {label: {en: Longest wait, ru: Самое долгое ожидание}, unit: hours, role: metric, better: lower}
-- </query columns>
-- <query headline>
-- en: "Tasks waiting now: {sum.queued} queued and {sum.running} running. The longest wait is at step “{first.task_type}”: {first.longest_hours}."
-- ru: "Сейчас в очереди задач {sum.queued}, выполняется {sum.running}. Дольше всего ждёт шаг «{first.task_type}»: {first.longest_hours}."
-- </query headline>
-- <query empty>
-- en: "Nothing is queued or running in the pipeline."
-- ru: "В pipeline ничего не ждёт и не выполняется."
-- </query empty>
-- <query chart>
-- {kind: bar, x: task_type, y: [queued, running]}
-- </query chart>
-- <query metrics>
-- [waiting_tasks]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Show stuck tickets
-- - Were there errors in the pipeline in the last 24 hours?
-- ru:
-- - Покажи stuck тикеты
-- - Были ли ошибки в pipeline за последние 24 часа?
-- </query follow_ups>
-- <query>
SELECT task_type,
  COUNT(*) FILTER (WHERE status = 'queued') AS queued,
  COUNT(*) FILTER (WHERE status = 'running') AS running,
  COUNT(DISTINCT thread_id) AS tickets,
  MIN(created_at) AS oldest_at,
  MAX(EXTRACT(EPOCH FROM CAST(:now AS timestamptz) - created_at) / 3600.0) AS longest_hours
FROM support.ai_agent_tasks
WHERE status IN ('queued', 'running')
GROUP BY task_type
ORDER BY longest_hours DESC, task_type
-- </query>
