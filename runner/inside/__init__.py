"""What runs inside a box, beside code that is not to be trusted."""
