"""The same app on one machine."""
