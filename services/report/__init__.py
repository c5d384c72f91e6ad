"""report: a day's tasks become a mail."""
