"""The weekly clip is asked for: screenshots of a stage, and `demo.requested`."""
