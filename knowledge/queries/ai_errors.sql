-- <query name>ai_errors</query name>
-- <query description>
-- Where the AI errs most: by category the share of comparisons that the person won, the mean penalty, and the
-- pipeline step that failed most. Categories with fewer than 30 comparisons come last. Grain: one row per
-- category.
-- </query description>
-- <query questions>
-- - Where does AI make the most mistakes?
-- - "Where does AI make the most mistakes {period}?"
-- - Where does AI err most often?
-- - "Where does AI err most often {period}?"
-- - Where is AI wrong most often?
-- - "Where is AI wrong most often {period}?"
-- - In which categories does AI make mistakes?
-- - "In which categories does AI make mistakes {period}?"
-- - What does AI get wrong?
-- - "What does AI get wrong {period}?"
-- - Where does AI fail most?
-- - "Where does AI fail most {period}?"
-- - Where is AI worst?
-- - "Where is AI worst {period}?"
-- - Where is AI weakest?
-- - "Where is AI weakest {period}?"
-- - Which categories is AI worst at?
-- - "Which categories is AI worst at {period}?"
-- - Which category does AI handle worst?
-- - "Which category does AI handle worst {period}?"
-- - Which categories does AI handle worst?
-- - "Which categories does AI handle worst {period}?"
-- - What does AI handle worst?
-- - "What does AI handle worst {period}?"
-- - Where does AI do worst?
-- - "Where does AI do worst {period}?"
-- - Where does AI perform worst?
-- - "Where does AI perform worst {period}?"
-- - Where is AI wrong most?
-- - "Where is AI wrong most {period}?"
-- - Where does AI go wrong most often?
-- - "Where does AI go wrong most often {period}?"
-- - Where does AI struggle most?
-- - "Where does AI struggle most {period}?"
-- - What does AI struggle with most?
-- - "What does AI struggle with most {period}?"
-- - Where does AI lose to humans most often?
-- - "Where does AI lose to humans most often {period}?"
-- - Which categories does AI get wrong most often?
-- - "Which categories does AI get wrong most often {period}?"
-- - Где AI ошибается чаще всего?
-- - "Где AI ошибается чаще всего {period}?"
-- - Где AI чаще всего ошибается?
-- - "Где AI чаще всего ошибается {period}?"
-- - В каких категориях AI ошибается чаще всего?
-- - "В каких категориях AI ошибается чаще всего {period}?"
-- - В каких категориях AI делает больше всего ошибок?
-- - "В каких категориях AI делает больше всего ошибок {period}?"
-- - Где AI работает хуже всего?
-- - "Где AI работает хуже всего {period}?"
-- - Где ИИ ошибается чаще всего?
-- - "Где ИИ ошибается чаще всего {period}?"
-- - Где AI слабее всего?
-- - "Где AI слабее всего {period}?"
-- - "¿Dónde se equivoca más la IA?"
-- - "¿Dónde comete más errores la IA?"
-- - "Où l'IA se trompe-t-elle le plus ?"
-- - "Où l'IA fait-elle le plus d'erreurs ?"
-- - "איפה ה-AI טועה הכי הרבה?"
-- - Where does AI screw up the most?
-- - "Where does AI screw up the most {period}?"
-- - What is AI bad at?
-- - "What is AI bad at {period}?"
-- - Where does the bot make the most mistakes?
-- - "Where does the bot make the most mistakes {period}?"
-- - Где ИИ косячит чаще всего?
-- - "Где ИИ косячит чаще всего {period}?"
-- - Где AI косячит больше всего?
-- - "Где AI косячит больше всего {period}?"
-- - Где бот ошибается чаще всего?
-- - "Где бот ошибается чаще всего {period}?"
-- - Где чаще ошибается AI?
-- - "Где чаще ошибается AI {period}?"
-- - "¿En qué se equivoca más la IA?"
-- - "¿En qué se equivoca más la IA? {period}"
-- - "¿Dónde se equivoca más la IA? {period}"
-- - "¿En qué falla más la IA?"
-- - "¿En qué falla más la IA? {period}"
-- - "¿Dónde falla más la IA?"
-- - "¿Dónde falla más la IA? {period}"
-- - "¿Dónde comete más errores la IA? {period}"
-- - "Où l'IA se trompe-t-elle le plus ? {period}"
-- - "Où est-ce que l'IA se trompe le plus souvent ?"
-- - "Où est-ce que l'IA se trompe le plus souvent ? {period}"
-- - "Où l'IA fait-elle le plus d'erreurs ? {period}"
-- - "Sur quoi l'IA se trompe-t-elle le plus ?"
-- - "Sur quoi l'IA se trompe-t-elle le plus ? {period}"
-- - "איפה ה-AI טועה הכי הרבה"
-- - "איפה ה-AI טועה הכי הרבה {period}"
-- - "היכן ה-AI טועה הכי הרבה"
-- - "היכן ה-AI טועה הכי הרבה {period}"
-- - "במה ה-AI טועה הכי הרבה"
-- - "במה ה-AI טועה הכי הרבה {period}"
-- - "איפה ה-AI עושה הכי הרבה טעויות"
-- - "איפה ה-AI עושה הכי הרבה טעויות {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- request_type: {label: {en: Category, ru: Категория}, unit: text, role: dimension, dimension: category}
-- loss_rate: {label: {en: AI loss rate, ru: Доля поражений AI}, unit: percent, role: metric, better: lower}
-- losses: {label: {en: Human better, ru: Человек лучше}, unit: count, role: metric, better: lower}
-- comparisons: {label: {en: Comparisons, ru: Сравнения}, unit: count, role: metric}
-- penalty: {label: {en: Mean penalty, ru: Средний penalty}, unit: score, role: metric, better: lower}
-- failed_tasks: {label: {en: Failed tasks, ru: Задачи с ошибкой}, unit: count, role: metric, better: lower}
-- worst_step: {label: {en: Step that failed most, ru: Чаще всего падает шаг}, unit: text, role: attribute, dimension: task_type}
-- </query columns>
-- <query headline>
-- en: "AI errs most often {period.period} in “{first.request_type}”: the person was better in {first.loss_rate} of {first.comparisons:comparison|comparisons}, mean penalty {first.penalty}."
-- ru: "AI ошибается чаще всего {period.period} в категории «{first.request_type}»: человек лучше в {first.loss_rate} из {first.comparisons:сравнения|сравнений|сравнений}, средний penalty {first.penalty}."
-- </query headline>
-- <query empty>
-- en: "There are no comparisons {period.period}."
-- ru: "Сравнений {period.period} нет."
-- </query empty>
-- <query chart>
-- {kind: bar, x: request_type, y: [loss_rate]}
-- </query chart>
-- <query metrics>
-- [ai_loss_rate, penalty_score, pipeline_errors]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Which pipeline step fails most often?
-- - Show the worst AI answers
-- - Which categories are ready for auto-send?
-- ru:
-- - На каком шаге pipeline чаще всего ошибки?
-- - Покажи худшие ответы AI
-- - Какие категории готовы к auto-send?
-- </query follow_ups>
-- <query>
WITH compared AS (
  SELECT request_type, COUNT(*) AS comparisons,
    COUNT(*) FILTER (WHERE verdict = 'human_better') AS losses,
    AVG(CAST(NULLIF(penalty_score, '') AS numeric)) AS penalty
  FROM support.ai_human_comparison
  WHERE (CAST(:period_start AS timestamptz) IS NULL OR compared_at >= :period_start)
    AND (CAST(:period_end AS timestamptz) IS NULL OR compared_at < :period_end)
  GROUP BY request_type
), failed AS (
  SELECT ticket.request_type, task.task_type, SUM(COUNT(*)) OVER (PARTITION BY ticket.request_type) AS failed_tasks,
    ROW_NUMBER() OVER (PARTITION BY ticket.request_type ORDER BY COUNT(*) DESC, task.task_type) AS place
  FROM support.ai_agent_tasks AS task
  JOIN support.support_threads_data AS ticket ON ticket.thread_id = task.thread_id
  WHERE task.status = 'failed'
    AND (CAST(:period_start AS timestamptz) IS NULL OR task.created_at >= :period_start)
    AND (CAST(:period_end AS timestamptz) IS NULL OR task.created_at < :period_end)
  GROUP BY ticket.request_type, task.task_type
)
SELECT compared.request_type, 100.0 * compared.losses / compared.comparisons AS loss_rate, compared.losses,
  compared.comparisons, compared.penalty, COALESCE(failed.failed_tasks, 0) AS failed_tasks, failed.task_type AS worst_step
FROM compared
LEFT JOIN failed ON failed.request_type = compared.request_type AND failed.place = 1
ORDER BY (compared.comparisons < 30), loss_rate DESC, compared.request_type
-- </query>
