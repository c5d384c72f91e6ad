"""Agents write the change: one Protocol, one module for each way to do it."""
