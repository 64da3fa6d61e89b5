"""Cohorts: what they study in a week, their pods, their effort, and what they explain."""
