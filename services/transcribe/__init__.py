"""transcribe: a stored recording becomes the words that were said."""
