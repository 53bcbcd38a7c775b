-- <query name>approvals_by_action</query name>
-- <query description>
-- What became of requests for approval, by action: approved, rejected, expired, still waiting, and how fast people
-- decide. Grain: one row per action.
-- </query description>
-- <query questions>
-- - What happens to approval requests?
-- - "What happens to approval requests {period}?"
-- - Overview of approvals
-- - "Overview of approvals {period}"
-- - Approval overview
-- - "Approval overview {period}"
-- - How fast are approvals decided?
-- - "How fast are approvals decided {period}?"
-- - How do approval requests end?
-- - "How do approval requests end {period}?"
-- - How did approval requests end?
-- - "How did approval requests end {period}?"
-- - What becomes of approval requests?
-- - "What becomes of approval requests {period}?"
-- - Что происходит с запросами на одобрение?
-- - "Что происходит с запросами на одобрение {period}?"
-- - Обзор апрувов
-- - "Обзор апрувов {period}"
-- - Обзор одобрений
-- - "Обзор одобрений {period}"
-- - Как быстро принимают решения по апрувам?
-- - "Как быстро принимают решения по апрувам {period}?"
-- - Сводка по апрувам
-- - "Сводка по апрувам {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- action: {label: {en: Action, ru: Действие}, unit: text, role: dimension, dimension: action}
-- requests: {label: {en: Requests, ru: Запросы}, unit: count, role: metric}
-- approved: {label: {en: Approved, ru: Одобрено}, unit: count, role: metric}
-- rejected: {label: {en: Rejected, ru: Отклонено}, unit: count, role: metric}
-- expired: {label: {en: Expired, ru: Истекло}, unit: count, role: metric, better: lower}
-- waiting: {label: {en: Waiting, ru: Ждут}, unit: count, role: metric, better: lower}
-- approval_rate: {label: {en: Approval rate, ru: Доля одобренных}, unit: percent, role: metric, better: higher}
-- minutes: {label: {en: Mean minutes to a decision, ru: Минут до решения}, unit: minutes, role: metric, better: lower}
-- </query columns>
-- <query headline>
-- en: "Approval requests {period.period}: {sum.requests}; approved {sum.approved}, rejected {sum.rejected}, expired {sum.expired}, waiting {sum.waiting}."
-- ru: "Запросов на одобрение {period.period}: {sum.requests}; одобрено {sum.approved}, отклонено {sum.rejected}, истекло {sum.expired}, ждут {sum.waiting}."
-- </query headline>
-- <query empty>
-- en: "There were no approval requests {period.period}."
-- ru: "Запросов на одобрение {period.period} не было."
-- </query empty>
-- <query chart>
-- {kind: stacked_bar, x: action, y: [approved, rejected, expired, waiting]}
-- </query chart>
-- <query metrics>
-- [approvals, approval_rate]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Which approvals are waiting?
-- - Approval rate by month for the last 6 months
-- ru:
-- - Что ждёт одобрения?
-- - Доля одобренных запросов по месяцам за последние 6 месяцев
-- </query follow_ups>
-- <query>
SELECT action, COUNT(*) AS requests,
  COUNT(*) FILTER (WHERE resolution = 'approved') AS approved,
  COUNT(*) FILTER (WHERE resolution = 'rejected') AS rejected,
  COUNT(*) FILTER (WHERE resolution = 'expired') AS expired,
  COUNT(*) FILTER (WHERE resolution IS NULL) AS waiting,
  100.0 * COUNT(*) FILTER (WHERE resolution = 'approved') / NULLIF(COUNT(resolution), 0) AS approval_rate,
  AVG(EXTRACT(EPOCH FROM resolved_at - created_at) / 60.0) FILTER (WHERE resolution IN ('approved', 'rejected')) AS minutes
FROM support.active_interrupts
WHERE (CAST(:period_start AS timestamptz) IS NULL OR created_at >= :period_start)
  AND (CAST(:period_end AS timestamptz) IS NULL OR created_at < :period_end)
GROUP BY action
ORDER BY requests DESC, action
-- </query>
