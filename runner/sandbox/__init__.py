"""Boxes for what is not to be trusted: one Protocol, one module for each kind."""
