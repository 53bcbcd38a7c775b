-- <query name>approvals_waiting</query name>
-- <query description>
-- Requests for a person's approval that nobody has decided, as of now, oldest first. Grain: one row per request;
-- total counts them all, the list holds the first 200.
-- </query description>
-- <query questions>
-- - Which approvals are waiting?
-- - Show waiting approvals
-- - Show pending approvals
-- - What waits for approval?
-- - Which approvals are pending?
-- - List approvals that wait for a decision
-- - Какие одобрения ждут?
-- - Что ждёт одобрения?
-- - Покажи ожидающие апрувы
-- - Покажи запросы, ждущие одобрения
-- - Какие апрувы висят?
-- - Список запросов на одобрение, ждущих решения
-- - "¿Qué aprobaciones están pendientes?"
-- - "Muestra las aprobaciones pendientes"
-- - "lista de aprobaciones pendientes"
-- - "Quelles approbations sont en attente ?"
-- - "Montre les approbations en attente"
-- - "liste des approbations en attente"
-- - "אילו אישורים ממתינים"
-- - "הצג בקשות אישור ממתינות"
-- </query questions>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- interrupt_id: {label: {en: Request, ru: Запрос}, unit: text, role: dimension, dimension: approval_id}
-- thread_id: {label: {en: Ticket, ru: Тикет}, unit: text, role: dimension, dimension: ticket_id}
-- action: {label: {en: Action, ru: Действие}, unit: text, role: dimension, dimension: action}
-- request_type: {label: {en: Category, ru: Категория}, unit: text, role: dimension, dimension: category}
-- requested_at: {label: {en: Requested, ru: Запрошено}, unit: time, role: attribute}
-- expires_at: {label: {en: Expires, ru: Истекает}, unit: time, role: attribute}
-- wait_minutes: {label: {en: Waiting for, ru: Ждёт}, unit: minutes, role: metric, better: lower}
-- overdue: {label: {en: Past its time, ru: Просрочен}, unit: boolean, role: attribute}
-- total: {label: {en: In all, ru: Всего}, unit: count, role: hidden}
-- </query columns>
-- <query headline>
-- en: "Approvals waiting now: {first.total}. The oldest is “{first.action}” in {first.thread_id}, waiting for {first.wait_minutes}."
-- ru: "Сейчас ждут одобрения: {first.total}. Дольше всех ждёт «{first.action}» ({first.thread_id}): {first.wait_minutes}."
-- </query headline>
-- <query empty>
-- en: "No approval is waiting."
-- ru: "Ничто не ждёт одобрения."
-- </query empty>
-- <query chart>
-- {kind: table}
-- </query chart>
-- <query metrics>
-- [pending_approvals]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Approval rate by action
-- - How many approvals expired last week?
-- ru:
-- - Доля одобренных запросов по действиям
-- - Сколько апрувов истекло за прошлую неделю?
-- </query follow_ups>
-- <query>
SELECT approval.interrupt_id, approval.thread_id, approval.action, ticket.request_type,
  approval.created_at AS requested_at, approval.expires_at,
  EXTRACT(EPOCH FROM CAST(:now AS timestamptz) - approval.created_at) / 60.0 AS wait_minutes,
  approval.expires_at < CAST(:now AS timestamptz) AS overdue,
  COUNT(*) OVER () AS total
FROM support.active_interrupts AS approval
JOIN support.support_threads_data AS ticket ON ticket.thread_id = approval.thread_id
WHERE approval.resolution IS NULL
ORDER BY approval.created_at, approval.interrupt_id
LIMIT 200
-- </query>
