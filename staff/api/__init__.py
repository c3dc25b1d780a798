"""Incentives for programs."""
