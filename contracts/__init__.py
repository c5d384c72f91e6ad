"""What all parties agreed on: messages, the HTTP API, and how both are checked."""
