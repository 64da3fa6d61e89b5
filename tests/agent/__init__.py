"""The conversation, tested."""
