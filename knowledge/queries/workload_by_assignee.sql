-- <query name>workload_by_assignee</query name>
-- <query description>
-- What each human agent has as of now: open and stuck tickets, the oldest, and what was sent in the last 7 days.
-- Grain: one row per assignee.
-- </query description>
-- <query questions>
-- - Workload by assignee
-- - Workload per agent
-- - Who has the most open tickets?
-- - Which agent has the most open tickets?
-- - How many open tickets does each agent have?
-- - Which agents have the most work?
-- - Show the workload of human agents
-- - How is the work distributed among agents?
-- - Нагрузка по исполнителям
-- - Нагрузка по агентам
-- - У кого больше всего открытых тикетов?
-- - Как распределена нагрузка между агентами?
-- - Загрузка сотрудников
-- - Загрузка human агентов
-- - Кто больше всего загружен?
-- - "¿Cómo se reparte el trabajo entre los agentes?"
-- - "charge de travail par agent"
-- - "Comment le travail est-il réparti entre les agents ?"
-- - "Montre la charge de travail des agents humains"
-- - "עומס עבודה לפי נציג"
-- - "איך מתחלקת העבודה בין הנציגים"
-- - "הצג את עומס העבודה של הנציגים"
-- </query questions>
-- <query parameters>
-- hours: {type: integer, default: 24, minimum: 1, maximum: 8760, unit: hours, description: Hours without a status change}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- assigned_to: {label: {en: Assignee, ru: Исполнитель}, unit: text, role: dimension, dimension: assignee}
-- open_tickets: {label: {en: Open, ru: Открыто}, unit: count, role: metric, better: lower}
-- stuck: {label: {en: Stuck, ru: Застряли}, unit: count, role: metric, better: lower}
-- oldest_at: {label: {en: Oldest, ru: Самый старый}, unit: time, role: attribute}
-- sent: {label: {en: Sent in the last 7 days, ru: Отправлено за 7 дней}, unit: count, role: metric, better: higher}
-- </query columns>
-- <query headline>
-- en: "{first.assigned_to} has the most open tickets: {first.open_tickets}, {first.stuck} of them stuck. Assigned and open in all: {sum.open_tickets}."
-- ru: "Больше всего открытых тикетов: {first.assigned_to}, {first.open_tickets}, из них застряли {first.stuck}. Всего назначено и открыто: {sum.open_tickets}."
-- </query headline>
-- <query empty>
-- en: "No ticket is assigned to anybody."
-- ru: "Ни один тикет никому не назначен."
-- </query empty>
-- <query chart>
-- {kind: bar, x: assigned_to, y: [open_tickets]}
-- </query chart>
-- <query metrics>
-- [open_tickets]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Show stuck tickets
-- - How many unassigned open tickets are there?
-- ru:
-- - Покажи stuck тикеты
-- - Сколько неназначенных тикетов?
-- </query follow_ups>
-- <query>
SELECT assigned_to,
  COUNT(*) FILTER (WHERE status <> 'Sent') AS open_tickets,
  COUNT(*) FILTER (WHERE {stuck}) AS stuck,
  MIN(created_at) FILTER (WHERE status <> 'Sent') AS oldest_at,
  COUNT(*) FILTER (WHERE sent_at >= CAST(:now AS timestamptz) - INTERVAL '7 days') AS sent
FROM support.support_threads_data
WHERE assigned_to IS NOT NULL
GROUP BY assigned_to
ORDER BY open_tickets DESC, assigned_to
-- </query>
