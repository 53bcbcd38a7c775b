-- <query name>stuck_by_reason</query name>
-- <query description>
-- Why tickets are stuck as of now, the commonest reason first: each stuck ticket has one, the first of
-- business/stuck.yaml that holds, as on the list of stuck tickets. Grain: one row per reason that some ticket has.
-- </query description>
-- <query questions>
-- - Why are tickets stuck?
-- - Why are so many tickets stuck?
-- - Why do tickets get stuck?
-- - "Why are tickets stuck for more than {hours} hours?"
-- - "Why are {request_type} tickets stuck?"
-- - "Why are {request_type} tickets stuck for more than {hours} hours?"
-- - "Why are {urgency} tickets stuck?"
-- - "Why are {urgency} {request_type} tickets stuck?"
-- - "Why are {channel} tickets stuck?"
-- - "Why are {channel} {request_type} tickets stuck?"
-- - "Why are tickets stuck at {status}?"
-- - "Why are {request_type} tickets stuck at {status}?"
-- - Reasons for stuck tickets
-- - What are the reasons for stuck tickets?
-- - Почему застряли тикеты?
-- - Почему столько тикетов застряло?
-- - Из-за чего застряли тикеты?
-- - Из-за чего застряли тикеты?
-- - По какой причине застряли тикеты?
-- - Причины застревания тикетов
-- - Причины застрявших тикетов
-- - "Почему тикеты застряли более чем на {hours} часов?"
-- - "Почему застряли тикеты по категории {request_type}?"
-- - "Почему застряли {urgency} тикеты?"
-- - "Почему застряли тикеты по каналу {channel}?"
-- - "Почему тикеты застряли на этапе {status}?"
-- - "¿Por qué están atascados los tickets?"
-- - "¿Por qué se atascan los tickets?"
-- - "Pourquoi les tickets sont-ils bloqués ?"
-- - "Pourquoi des tickets sont bloqués ?"
-- </query questions>
-- <query parameters>
-- hours: {type: integer, default: 24, minimum: 1, maximum: 8760, unit: hours, description: Hours without a status change}
-- request_type: {type: text, default: null, values: support_threads_data.request_type, description: null means every category}
-- urgency: {type: text, default: null, values: support_threads_data.urgency, description: null means every urgency}
-- channel: {type: text, default: null, values: support_threads_data.channel, description: null means every channel}
-- status: {type: text, default: null, values: support_threads_data.status, description: null means every stage}
-- </query parameters>
-- <query vetted>2026-11-21 by support-analytics</query vetted>
-- <query columns>
-- stuck_reason: {label: {en: Reason, ru: Причина}, unit: text, role: dimension, dimension: stuck_reason}
-- stuck: {label: {en: Stuck, ru: Застряли}, unit: count, role: metric, better: lower}
-- share: {label: {en: Share, ru: Доля}, unit: percent, role: share}
-- usual_stage: {label: {en: Mostly at, ru: Чаще на этапе}, unit: text, role: attribute, dimension: ticket_status}
-- oldest_at: {label: {en: Oldest, ru: Самый старый}, unit: time, role: attribute}
-- </query columns>
-- <query headline>
-- en: "Commonest reason: “{first.stuck_reason}”, {first.stuck} of {sum.stuck:stuck ticket|stuck tickets} ({first.share}). Stuck is what has not moved for more than {parameter.hours:hour|hours}."
-- ru: "Чаще всего: «{first.stuck_reason}», {first.stuck} из {sum.stuck:застрявшего тикета|застрявших тикетов|застрявших тикетов} ({first.share}). Застряли те, что без движения более {parameter.hours} ч."
-- es: "Motivo más frecuente: «{first.stuck_reason}», {first.stuck} de {sum.stuck:ticket atascado|tickets atascados} ({first.share}), sin cambio de etapa durante más de {parameter.hours} h."
-- fr: "Motif le plus fréquent : « {first.stuck_reason} », {first.stuck} sur {sum.stuck:ticket bloqué|tickets bloqués} ({first.share}), sans changement d'étape depuis plus de {parameter.hours} h."
-- he: "הסיבה הנפוצה ביותר: „{first.stuck_reason}”, {first.stuck} מתוך {sum.stuck} פניות תקועות ({first.share}), ללא שינוי שלב יותר מ-{parameter.hours} שעות."
-- </query headline>
-- <query empty>
-- en: "No such ticket has been without a status change for more than {parameter.hours:hour|hours}."
-- ru: "Нет таких тикетов без смены статуса более {parameter.hours} ч."
-- es: "Ningún ticket así lleva más de {parameter.hours} h sin cambio de etapa."
-- fr: "Aucun ticket de ce genre n'est sans changement d'étape depuis plus de {parameter.hours} h."
-- he: "אין פניות כאלה ללא שינוי שלב יותר מ-{parameter.hours} שעות."
-- </query empty>
-- <query chart>
-- {kind: bar, x: stuck_reason, y: [stuck]}
-- </query chart>
-- <query metrics>
-- [stuck_tickets]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Stuck tickets by reason and category
-- - Show stuck tickets
-- ru:
-- - Застрявшие тикеты по причинам и категориям
-- - Покажи stuck тикеты
-- </query follow_ups>
-- <query>
SELECT judged.stuck_reason,
  COUNT(*) AS stuck,
  100.0 * COUNT(*) / SUM(COUNT(*)) OVER () AS share,
  MODE() WITHIN GROUP (ORDER BY status) AS usual_stage,
  MIN(status_changed_at) AS oldest_at
FROM support.support_threads_data
JOIN {stuck_reasons} AS judged ON judged.stuck_ticket = thread_id
WHERE {stuck}
  AND (CAST(:request_type AS text) IS NULL OR request_type = :request_type)
  AND (CAST(:urgency AS text) IS NULL OR urgency = :urgency)
  AND (CAST(:channel AS text) IS NULL OR channel = :channel)
  AND (CAST(:status AS text) IS NULL OR status = :status)
GROUP BY judged.stuck_reason
ORDER BY stuck DESC, judged.stuck_reason
-- </query>
