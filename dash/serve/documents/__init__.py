"""What is sent and what comes back, as OpenAPI describes it, by what it is about."""
