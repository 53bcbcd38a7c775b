SELECT coalesce(max(id), 0) FROM dash.learning_decisions WHERE decision IN ('activated', 'retired', 'shared')
