-- <query name>stuck_by_stage</query name>
-- <query description>
-- Stuck and open tickets at every stage as of now, in the order of the pipeline, with how long they have waited.
-- Grain: one row per stage that has open tickets.
-- </query description>
-- <query questions>
-- - At which stage do tickets get stuck?
-- - Which stage holds up tickets most?
-- - "Stuck tickets per stage for more than {hours} hours"
-- - Where is the bottleneck?
-- - What is the bottleneck of the pipeline?
-- - На каком этапе застревают тикеты?
-- - На каких этапах застряли тикеты?
-- - Где узкое место?
-- - Где бутылочное горлышко пайплайна?
-- - "tickets atascados por etapa"
-- - "¿En qué etapa se atascan los tickets?"
-- - "tickets bloqués par étape"
-- - "À quelle étape les tickets se bloquent-ils ?"
-- - "פניות תקועות לפי שלב"
-- - "באיזה שלב נתקעות פניות"
-- </query questions>
-- <query parameters>
-- hours: {type: integer, default: 24, minimum: 1, maximum: 8760, unit: hours, description: Hours without a status change}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- status: {label: {en: Stage, ru: Этап}, unit: text, role: dimension, dimension: ticket_status}
-- stuck: {label: {en: Stuck, ru: Застряли}, unit: count, role: metric, better: lower}
-- open_tickets: {label: {en: Open, ru: Открыто}, unit: count, role: metric, better: lower}
-- stuck_rate: {label: {en: "Stuck, % of open", ru: "Застряли, % открытых"}, unit: percent, role: metric, better: lower}
-- median_hours: {label: {en: Median wait, ru: Медиана ожидания}, unit: hours, role: metric, better: lower}
-- longest_hours: {label: {en: Longest wait, ru: Самое долгое ожидание}, unit: hours, role: metric, better: lower}
-- </query columns>
-- <query headline>
-- en: "Most tickets are stuck at {first.status}: {first.stuck} of {sum.stuck} that have not moved for more than {parameter.hours:hour|hours}."
-- ru: "Больше всего тикетов застряло на этапе «{first.status}»: {first.stuck} из {sum.stuck} без движения более {parameter.hours} ч."
-- </query headline>
-- <query empty>
-- en: "There are no open tickets."
-- ru: "Открытых тикетов нет."
-- </query empty>
-- <query chart>
-- {kind: bar, x: status, y: [stuck]}
-- </query chart>
-- <query metrics>
-- [stuck_tickets]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Show tickets stuck at Data collected
-- - Which categories have the most stuck tickets?
-- ru:
-- - Покажи тикеты, которые застряли на статусе Data collected
-- - В каких категориях больше всего застрявших тикетов?
-- </query follow_ups>
-- <query>
SELECT status,
  COUNT(*) FILTER (WHERE {stuck}) AS stuck,
  COUNT(*) AS open_tickets,
  100.0 * COUNT(*) FILTER (WHERE {stuck}) / COUNT(*) AS stuck_rate,
  PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY EXTRACT(EPOCH FROM CAST(:now AS timestamptz) - status_changed_at) / 3600.0) AS median_hours,
  MAX(EXTRACT(EPOCH FROM CAST(:now AS timestamptz) - status_changed_at) / 3600.0) AS longest_hours
FROM support.support_threads_data
WHERE status <> 'Sent'
GROUP BY status
ORDER BY stuck DESC, status
-- </query>
