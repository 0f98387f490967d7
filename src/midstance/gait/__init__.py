"""Contacts, steps, lengths, speed and the time base of one runner."""
