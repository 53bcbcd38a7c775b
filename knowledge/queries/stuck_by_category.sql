-- <query name>stuck_by_category</query name>
-- <query description>
-- Stuck and open tickets of every category as of now, most stuck first, with the stage where most of them stand.
-- Grain: one row per category that has open tickets.
-- </query description>
-- <query questions>
-- - What share of open tickets is stuck in each category?
-- - Where do tickets get stuck by category?
-- - Какие категории чаще всего застревают?
-- - Какая доля открытых тикетов застряла в каждой категории?
-- - В каких категориях застревают тикеты?
-- - "tickets atascados por categoría"
-- - "¿Qué categorías tienen más tickets atascados?"
-- - "tickets bloqués par catégorie"
-- - "Quelles catégories ont le plus de tickets bloqués ?"
-- - "פניות תקועות לפי קטגוריה"
-- - "באילו קטגוריות יש הכי הרבה פניות תקועות"
-- </query questions>
-- <query parameters>
-- hours: {type: integer, default: 24, minimum: 1, maximum: 8760, unit: hours, description: Hours without a status change}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- request_type: {label: {en: Category, ru: Категория}, unit: text, role: dimension, dimension: category}
-- stuck: {label: {en: Stuck, ru: Застряли}, unit: count, role: metric, better: lower}
-- open_tickets: {label: {en: Open, ru: Открыто}, unit: count, role: metric, better: lower}
-- stuck_rate: {label: {en: "Stuck, % of open", ru: "Застряли, % открытых"}, unit: percent, role: metric, better: lower}
-- usual_stage: {label: {en: Mostly at, ru: Чаще на этапе}, unit: text, role: attribute, dimension: ticket_status}
-- oldest_at: {label: {en: Oldest, ru: Самый старый}, unit: time, role: attribute}
-- </query columns>
-- <query headline>
-- en: "Most stuck tickets: “{first.request_type}”, {first.stuck} of {first.open_tickets} open ({first.stuck_rate}), mostly at {first.usual_stage}. In all {sum.stuck} are stuck for more than {parameter.hours:hour|hours}."
-- ru: "Больше всего застрявших: «{first.request_type}», {first.stuck} из {first.open_tickets} открытых ({first.stuck_rate}), чаще на этапе «{first.usual_stage}». Всего застряло {sum.stuck} (более {parameter.hours} ч)."
-- </query headline>
-- <query empty>
-- en: "There are no open tickets."
-- ru: "Открытых тикетов нет."
-- </query empty>
-- <query chart>
-- {kind: bar, x: request_type, y: [stuck]}
-- </query chart>
-- <query metrics>
-- [stuck_tickets, stuck_rate]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Show stuck tickets
-- - At which stage do tickets get stuck?
-- ru:
-- - Покажи stuck тикеты
-- - На каком этапе застревают тикеты?
-- </query follow_ups>
-- <query>
SELECT request_type,
  COUNT(*) FILTER (WHERE {stuck}) AS stuck,
  COUNT(*) AS open_tickets,
  100.0 * COUNT(*) FILTER (WHERE {stuck}) / COUNT(*) AS stuck_rate,
  MODE() WITHIN GROUP (ORDER BY status)
    FILTER (WHERE {stuck}) AS usual_stage,
  MIN(status_changed_at) AS oldest_at
FROM support.support_threads_data
WHERE status <> 'Sent'
GROUP BY request_type
ORDER BY stuck DESC, request_type
-- </query>
