"""status: everything that is said becomes each task's one history."""
