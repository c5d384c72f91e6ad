"""The only way from an agent's box to a model: it adds the key, and counts what that costs."""
