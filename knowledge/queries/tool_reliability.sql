-- <query name>tool_reliability</query name>
-- <query description>
-- How reliable the tools of the AI agents are: success rate, duration and errors. Grain: one row per tool.
-- </query description>
-- <query questions>
-- - How reliable are the tools?
-- - "How reliable are the tools {period}?"
-- - Which tool fails most often?
-- - "Which tool fails most often {period}?"
-- - Which tools fail most?
-- - "Which tools fail most {period}?"
-- - Tool success and duration
-- - "Tool success and duration {period}"
-- - Tool reliability
-- - "Tool reliability {period}"
-- - How well do the tools work?
-- - "How well do the tools work {period}?"
-- - How are the tools performing?
-- - "How are the tools performing {period}?"
-- - Tool performance
-- - "Tool performance {period}"
-- - Which tool breaks most often?
-- - "Which tool breaks most often {period}?"
-- - Насколько надёжны инструменты?
-- - "Насколько надёжны инструменты {period}?"
-- - Какой инструмент чаще всего сбоит?
-- - "Какой инструмент чаще всего сбоит {period}?"
-- - Какие инструменты чаще всего не работают?
-- - "Какие инструменты чаще всего не работают {period}?"
-- - Надёжность инструментов
-- - "Надёжность инструментов {period}"
-- - Успешность и длительность инструментов
-- - "Успешность и длительность инструментов {period}"
-- - "¿Qué tan fiables son las herramientas?"
-- - "¿Qué tan fiables son las herramientas? {period}"
-- - "Les outils sont-ils fiables ?"
-- - "Les outils sont-ils fiables ? {period}"
-- - "עד כמה הכלים אמינים"
-- - "עד כמה הכלים אמינים {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- tool_name: {label: {en: Tool, ru: Инструмент}, unit: text, role: dimension, dimension: tool}
-- success_rate: {label: {en: Success rate, ru: Доля успешных}, unit: percent, role: metric, better: higher}
-- calls: {label: {en: Calls, ru: Вызовы}, unit: count, role: metric}
-- median_ms: {label: {en: Median duration, ru: Медиана длительности}, unit: milliseconds, role: metric, better: lower}
-- p95_ms: {label: {en: 95th percentile, ru: 95-й перцентиль}, unit: milliseconds, role: metric, better: lower}
-- errors: {label: {en: Errors, ru: Ошибки}, unit: count, role: metric, better: lower}
-- usual_error: {label: {en: Usual error, ru: Обычная ошибка}, unit: text, role: attribute, dimension: error_category}
-- </query columns>
-- <query headline>
-- en: "Least reliable tool {period.period}: {first.tool_name}, {first.success_rate} of {first.calls:call|calls} succeed."
-- ru: "Наименее надёжный инструмент {period.period}: {first.tool_name}, успешны {first.success_rate} из {first.calls:вызова|вызовов|вызовов}."
-- </query headline>
-- <query empty>
-- en: "No tool was called {period.period}."
-- ru: "Инструменты {period.period} не вызывались."
-- </query empty>
-- <query chart>
-- {kind: bar, x: tool_name, y: [success_rate]}
-- </query chart>
-- <query metrics>
-- [tool_success_rate]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Errors in chats by error category
-- - Why are chats escalated?
-- ru:
-- - Ошибки в чатах по виду ошибки
-- - Почему чаты эскалируются?
-- </query follow_ups>
-- <query>
SELECT tool_name,
  100.0 * COUNT(*) FILTER (WHERE event_type = 'tool_call' AND success)
    / NULLIF(COUNT(*) FILTER (WHERE event_type = 'tool_call'), 0) AS success_rate,
  COUNT(*) FILTER (WHERE event_type = 'tool_call') AS calls,
  PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY duration_ms) FILTER (WHERE event_type = 'tool_call') AS median_ms,
  PERCENTILE_CONT(0.95) WITHIN GROUP (ORDER BY duration_ms) FILTER (WHERE event_type = 'tool_call') AS p95_ms,
  COUNT(*) FILTER (WHERE event_type = 'error') AS errors,
  MODE() WITHIN GROUP (ORDER BY error_category) FILTER (WHERE event_type = 'error') AS usual_error
FROM support.analytics_events
WHERE tool_name IS NOT NULL
  AND (CAST(:period_start AS timestamptz) IS NULL OR occurred_at >= :period_start)
  AND (CAST(:period_end AS timestamptz) IS NULL OR occurred_at < :period_end)
GROUP BY tool_name
ORDER BY success_rate NULLS LAST, tool_name
-- </query>
