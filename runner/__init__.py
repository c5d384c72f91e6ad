"""runner: a job becomes a proven commit, or an honest question."""
