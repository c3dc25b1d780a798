"""Surveys for programs."""
