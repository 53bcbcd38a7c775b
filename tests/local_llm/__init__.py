"""What `scripts/try-local-llm` does: a small real model on loopback, asked with and without the product's grounding."""
