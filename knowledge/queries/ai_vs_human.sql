-- <query name>ai_vs_human</query name>
-- <query description>
-- How the AI's answers compare with people's in every category: verdicts and mean penalty, the weakest category
-- first. Grain: one row per category.
-- </query description>
-- <query questions>
-- - Compare AI and human agents
-- - "Compare AI and human agents {period}"
-- - AI vs human
-- - "AI vs human {period}"
-- - AI vs human by category
-- - "AI vs human by category {period}"
-- - How good is AI compared with people?
-- - "How good is AI compared with people {period}?"
-- - How good are AI answers compared to human answers?
-- - "How good are AI answers compared to human answers {period}?"
-- - Quality of AI vs human answers by category
-- - "Quality of AI vs human answers by category {period}"
-- - Сравни качество ответов AI и людей
-- - "Сравни качество ответов AI и людей {period}"
-- - Сравни AI и human агентов
-- - "Сравни AI и human агентов {period}"
-- - AI против human по категориям
-- - "AI против human по категориям {period}"
-- - Сравнение качества AI и human по категориям
-- - "Сравнение качества AI и human по категориям {period}"
-- - Сравни качество ответов AI и human агентов
-- - "Сравни качество ответов AI и human агентов {period}"
-- - "Compara la calidad de las respuestas de la IA y de los agentes humanos"
-- - "Compara la calidad de las respuestas de la IA y de los agentes humanos {period}"
-- - "Compara la IA con los humanos"
-- - "Compara la IA con los humanos {period}"
-- - "Compara la IA y los agentes humanos"
-- - "Compara la IA y los agentes humanos {period}"
-- - "IA contra humanos por categoría"
-- - "IA contra humanos por categoría {period}"
-- - "¿Qué tan buenas son las respuestas de la IA comparadas con las humanas?"
-- - "¿Qué tan buenas son las respuestas de la IA comparadas con las humanas? {period}"
-- - "Compare la qualité des réponses de l'IA et des agents humains"
-- - "Compare la qualité des réponses de l'IA et des agents humains {period}"
-- - "Compare l'IA et les humains"
-- - "Compare l'IA et les humains {period}"
-- - "Compare l'IA et les agents humains"
-- - "Compare l'IA et les agents humains {period}"
-- - "IA contre humains par catégorie"
-- - "IA contre humains par catégorie {period}"
-- - "השווה את איכות התשובות של ה-AI ושל נציגים אנושיים"
-- - "השווה את איכות התשובות של ה-AI ושל נציגים אנושיים {period}"
-- - "השווה בין ה-AI לנציגים אנושיים"
-- - "השווה בין ה-AI לנציגים אנושיים {period}"
-- - "השווה AI ונציגים אנושיים"
-- - "השווה AI ונציגים אנושיים {period}"
-- - "AI מול נציגים אנושיים לפי קטגוריה"
-- - "AI מול נציגים אנושיים לפי קטגוריה {period}"
-- </query questions>
-- <query parameters>
-- period: {type: period, default: null, description: null means all the data}
-- </query parameters>
-- <query vetted>2026-11-20 by support-analytics</query vetted>
-- <query columns>
-- request_type: {label: {en: Category, ru: Категория}, unit: text, role: dimension, dimension: category}
-- comparisons: {label: {en: Comparisons, ru: Сравнения}, unit: count, role: metric}
-- win_rate: {label: {en: AI win rate, ru: Доля побед AI}, unit: percent, role: metric, better: higher}
-- equal_rate: {label: {en: Equal, ru: Одинаково}, unit: percent, role: metric}
-- loss_rate: {label: {en: AI loss rate, ru: Доля поражений AI}, unit: percent, role: metric, better: lower}
-- at_least_as_good_rate: {label: {en: AI at least as good, ru: AI не хуже}, unit: percent, role: metric, better: higher}
-- penalty: {label: {en: Mean penalty, ru: Средний penalty}, unit: score, role: metric, better: lower}
-- scored: {label: {en: Scored, ru: С оценкой}, unit: count, role: metric}
-- </query columns>
-- <query headline>
-- en: "AI is at least as good as people {period.period}: least often in “{first.request_type}”, {first.at_least_as_good_rate} of {first.comparisons:comparison|comparisons}, and most often in “{last.request_type}”, {last.at_least_as_good_rate} of {last.comparisons}."
-- ru: "AI не хуже людей {period.period}: реже всего в категории «{first.request_type}», {first.at_least_as_good_rate} из {first.comparisons:сравнения|сравнений|сравнений}, чаще всего в категории «{last.request_type}», {last.at_least_as_good_rate} из {last.comparisons}."
-- </query headline>
-- <query empty>
-- en: "There are no comparisons {period.period}."
-- ru: "Сравнений {period.period} нет."
-- </query empty>
-- <query chart>
-- {kind: stacked_bar, x: request_type, y: [win_rate, equal_rate, loss_rate]}
-- </query chart>
-- <query metrics>
-- [ai_at_least_as_good_rate, ai_win_rate, ai_loss_rate, penalty_score]
-- </query metrics>
-- <query follow_ups>
-- en:
-- - Where does AI make the most mistakes?
-- - Which categories are ready for auto-send?
-- - Mean penalty score by week for the last 8 weeks
-- ru:
-- - Где AI ошибается чаще всего?
-- - Какие категории готовы к auto-send?
-- - Средний penalty score по неделям за последние 8 недель
-- </query follow_ups>
-- <query>
SELECT request_type, COUNT(*) AS comparisons,
  100.0 * COUNT(*) FILTER (WHERE verdict = 'ai_better') / COUNT(*) AS win_rate,
  100.0 * COUNT(*) FILTER (WHERE verdict = 'equal') / COUNT(*) AS equal_rate,
  100.0 * COUNT(*) FILTER (WHERE verdict = 'human_better') / COUNT(*) AS loss_rate,
  100.0 * COUNT(*) FILTER (WHERE verdict IN ('ai_better', 'equal')) / COUNT(*) AS at_least_as_good_rate,
  AVG(CAST(NULLIF(penalty_score, '') AS numeric)) AS penalty,
  COUNT(NULLIF(penalty_score, '')) AS scored
FROM support.ai_human_comparison
WHERE (CAST(:period_start AS timestamptz) IS NULL OR compared_at >= :period_start)
  AND (CAST(:period_end AS timestamptz) IS NULL OR compared_at < :period_end)
GROUP BY request_type
ORDER BY at_least_as_good_rate, request_type
-- </query>
