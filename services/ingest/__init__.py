"""ingest: an upload becomes a stored recording and an accepted task."""
