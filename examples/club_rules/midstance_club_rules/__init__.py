"""The words, limits and questions of a club, and one rule of its own: everything that lies in this folder.

midstance analyze run.mp4 --rules club
midstance rules test club

What may lie in the folder: docs/own_rules.md.
"""
