-- <query name>waiting</query name>
-- <query description>
-- Cases that wait, longest first. Grain: one row per case.
-- </query description>
-- <query questions>
-- - Which cases have waited more than {hours} hours?
-- </query questions>
-- <query parameters>
-- hours: {type: integer, default: 24, minimum: 1, unit: hours, description: Hours of waiting}
-- topic: {type: text, default: null, values: desk.cases.topic, description: null means every topic}
-- span: {type: period, default: last 7 days, description: When they were opened}
-- </query parameters>
-- <query columns>
-- case_id: {label: {en: Case, ru: Кейс}}
-- topic: {label: {en: Topic, ru: Тема}, role: dimension, dimension: topic}
-- title: {label: {en: Title, ru: Заголовок}, dimension: title}
-- wait_hours: {label: {en: Wait, ru: Ожидание}, unit: hours}
-- </query columns>
-- <query headline>
-- en: "{rows:case waits|cases wait} longer than {parameter.hours} hours {period.span} ({parameter.topic}); the longest wait is {max.wait_hours}, {first.topic}"
-- ru: "Дольше {parameter.hours} ч {period.span} ждут {rows:кейс|кейса|кейсов}; самое долгое ожидание — {max.wait_hours} ({first.topic})"
-- </query headline>
-- <query empty>
-- en: "No case has waited longer than {parameter.hours} hours {period.span}"
-- ru: "Дольше {parameter.hours} ч {period.span} не ждёт никто"
-- </query empty>
-- <query chart>{kind: table}</query chart>
-- <query follow_ups>
-- en: [Open cases by topic?, Which cases have waited more than 48 hours?]
-- ru: ["Открытые кейсы, разбивка: тема?"]
-- </query follow_ups>
-- <query caution>{en: Waiting is counted from the last message., ru: Ожидание считается от последнего сообщения.}</query caution>
-- <query vetted>2026-11-20 by desk</query vetted>
-- <query>
SELECT case_id, topic, title, wait_hours
FROM desk.cases
WHERE wait_hours > :hours
  AND (CAST(:topic AS text) IS NULL OR topic = :topic)
  AND (CAST(:span_start AS timestamptz) IS NULL OR opened_at >= :span_start)
  AND (CAST(:span_end AS timestamptz) IS NULL OR opened_at < :span_end)
ORDER BY wait_hours DESC
-- </query>
