"""Anthropic's Messages API, answered by a script instead of a model."""
