"""The Replay page: find a conversation, then watch it as it happened."""
