"""notify: what a task came to becomes a push on a phone."""
