"""Shapes of the API."""
