-- <query name>ai_vs_human_in_category</query name>
-- <query description>
-- How the AI's answers compare with people's in one category: verdicts and mean penalty. Grain: one row.
-- </query description>
-- <query questions>
-- - "Compare the quality of answers of AI and human agents for {request_type}"
-- - "Compare the quality of answers of AI and human agents for {request_type} {period}"
-- - "Compare AI and human answers for {request_type}"
-- - "Compare AI and human answers for {request_type} {period}"
-- - "Compare AI and human agents in {request_type}"
-- - "Compare AI and human agents in {request_type} {period}"
-- - "AI vs human in {request_type}"
-- - "AI vs human in {request_type} {period}"
-- - "How good are AI answers in {request_type}?"
-- - "How good are AI answers in {request_type} {period}?"
-- - "Сравни качество ответов AI и human агентов по категории {request_type}"
-- - "Сравни качество ответов AI и human агентов по категории {request_type} {period}"
-- - "Сравни ответы AI и human по {request_type}"
-- - "Сравни ответы AI и human по {request_type} {period}"
-- - "Сравни AI и human агентов по {request_type}"
-- - "Сравни AI и human агентов по {request_type} {period}"
-- - "AI против human по {request_type}"
-- - "AI против human по {request_type} {period}"
-- - "Насколько хороши ответы AI по {request_type}?"
-- - "Насколько хороши ответы AI по {request_type} {period}?"
-- - "Compara la calidad de las respuestas de la IA y de los agentes humanos en {request_type}"
-- - "Compara la calidad de las respuestas de la IA y de los agentes humanos en {request_type} {period}"
-- - "Compara la IA y los agentes humanos en {request_type}"
-- - "Compara la IA y los agentes humanos en {request_type} {period}"
-- - "Compara la IA con los humanos en {request_type}"
-- - "Compara la IA con los humanos en {request_type} {period}"
-- - "IA contra humanos en {request_type}"
-- - "IA contra humanos en {request_type} {period}"
-- - "¿La IA lo hace mejor o peor que los humanos en {request_type}?"
-- - "¿La IA lo hace mejor o peor que los humanos en {request_type}? {period}"
-- - "¿Qué tan buenas son las respuestas de la IA en {request_type}?"
-- - "¿Qué tan buenas son las respuestas de la IA en {request_type}? {period}"
-- - "Compare la qualité des réponses de l'IA et des agents humains pour {request_type}"
-- - "Compare la qualité des réponses de l'IA et des agents humains pour {request_type} {period}"
-- - "Compare l'IA et les agents humains sur {request_type}"
-- - "Compare l'IA et les agents humains sur {request_type} {period}"
-- - "Compare l'IA et les humains sur {request_type}"
-- - "Compare l'IA et les humains sur {request_type} {period}"
-- - "IA contre humains sur {request_type}"
-- - "IA contre humains sur {request_type} {period}"
-- - "L'IA fait-elle mieux que les humains sur {request_type} ?"
-- - "L'IA fait-elle mieux que les humains sur {request_type} ? {period}"
-- - "השווה את איכות התשובות של ה-AI ושל נציגים אנושיים ב{request_type}"
-- - "השווה את איכות התשובות של ה-AI ושל נציגים אנושיים ב{request_type} {period}"
-- - "השווה בין ה-AI לנציגים אנושיים ב{request_type}"
-- - "השווה בין ה-AI לנציגים אנושיים ב{request_type} {period}"
-- - "AI מול נציגים אנושיים ב{request_type}"
-- - "AI מול נציגים אנושיים ב{request_type} {period}"
-- </query questions>
-- <query parameters>
-- request_type: {type: text, default: shipping_inquiry, values: support_threads_data.request_type, description: Category}
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
-- en: "AI against people in “{first.request_type}” {period.period}: at least as good in {first.at_least_as_good_rate}, better in {first.win_rate}, worse in {first.loss_rate} of {first.comparisons:comparison|comparisons}; mean penalty {first.penalty}."
-- ru: "AI против людей в категории «{first.request_type}» {period.period}: не хуже в {first.at_least_as_good_rate}, лучше в {first.win_rate}, хуже в {first.loss_rate} из {first.comparisons:сравнения|сравнений|сравнений}; средний penalty {first.penalty}."
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
-- - AI vs human by category
-- - Where does AI make the most mistakes?
-- - Which categories are ready for auto-send?
-- ru:
-- - Сравни AI и human агентов
-- - Где AI ошибается чаще всего?
-- - Какие категории готовы к auto-send?
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
WHERE request_type = :request_type
  AND (CAST(:period_start AS timestamptz) IS NULL OR compared_at >= :period_start)
  AND (CAST(:period_end AS timestamptz) IS NULL OR compared_at < :period_end)
GROUP BY request_type
-- </query>
