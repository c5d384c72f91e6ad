"""Templates with one thing wrong, and whether the infrastructure tests see it."""
