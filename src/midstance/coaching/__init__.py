"""Usual ranges, problems with their causes and cues, and the plan."""
