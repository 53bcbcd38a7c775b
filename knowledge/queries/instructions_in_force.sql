-- <query name>instructions_in_force</query name>
-- <query description>
-- The instructions by which the AI answers each category now: the highest enabled version in production, and a
-- newer version that waits in staging. Grain: one row per category.
-- </query description>
-- <query questions>
-- - Which instructions are in force?
-- - Which instructions are active?
-- - Show the current instructions
-- - When were the instructions last changed?
-- - Who changed the instructions last?
-- - Which version of the instructions is in production?
-- - Instructions in production
-- - Какие инструкции действуют?
-- - Какие инструкции действуют сейчас?
-- - Покажи действующие инструкции
-- - Когда последний раз меняли инструкции?
-- - Кто последним менял инструкции?
-- - Какая версия инструкций в продакшне?
-- - "¿Con qué instrucciones responde la IA en cada categoría?"
-- </query questions>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- request_type: {label: {en: Category, ru: Категория}, unit: text, role: dimension, dimension: category}
-- version: {label: {en: Version, ru: Версия}, unit: number, role: attribute}
-- updated_by: {label: {en: Changed by, ru: Кем изменена}, unit: text, role: attribute}
-- updated_at: {label: {en: Updated, ru: Изменена}, unit: time, role: attribute}
-- staging_version: {label: {en: Waiting in staging, ru: Ждёт в staging}, unit: number, role: attribute}
-- </query columns>
-- <query headline>
-- en: "Categories with instructions in force: {rows}. Changed last: “{first.request_type}”, version {first.version}, by {first.updated_by}."
-- ru: "Категорий с действующими инструкциями: {rows}. Последнее изменение: «{first.request_type}», версия {first.version}, {first.updated_by}."
-- </query headline>
-- <query empty>
-- en: "No instructions are in force."
-- ru: "Действующих инструкций нет."
-- </query empty>
-- <query chart>
-- {kind: table}
-- </query chart>
-- <query follow_ups>
-- en:
-- - Where does AI make the most mistakes?
-- - Which categories are ready for auto-send?
-- ru:
-- - Где AI ошибается чаще всего?
-- - Какие категории готовы к auto-send?
-- </query follow_ups>
-- <query>
WITH in_force AS (
  SELECT type, version, updated_by, updated_at,
    ROW_NUMBER() OVER (PARTITION BY type ORDER BY version DESC) AS place
  FROM support.ai_answerer_instructions
  WHERE status = 'enabled' AND staging = 'production'
), waiting AS (
  SELECT type, MAX(version) AS version
  FROM support.ai_answerer_instructions
  WHERE staging = 'staging'
  GROUP BY type
)
SELECT in_force.type AS request_type, in_force.version, in_force.updated_by, in_force.updated_at,
  CASE WHEN waiting.version > in_force.version THEN waiting.version END AS staging_version
FROM in_force
LEFT JOIN waiting ON waiting.type = in_force.type
WHERE in_force.place = 1
ORDER BY in_force.updated_at DESC, in_force.type
-- </query>
