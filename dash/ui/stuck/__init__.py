"""The page Stuck tickets: what changed since the last check, why tickets are stuck, and working through them."""
