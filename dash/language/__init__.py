"""Reading questions without a model: text → tokens → spans → readings → SemanticQuery.

A span says "these words mean this"; a reading covers the whole question with spans whose types compose; the cheapest
complete reading wins. So ambiguity, coverage and "how each word was understood" fall out of one mechanism.
"""
