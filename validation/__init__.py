"""Accuracy against known truth: force plates, rendered runners, real clips whose outcome is known."""
