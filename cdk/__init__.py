"""The infrastructure, one construct a file; nothing here looks into a service."""
