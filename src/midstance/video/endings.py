"""The endings of names by which films and pictures are known before they are opened."""

FILMS = (".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".gif")
PICTURES = (".jpg", ".jpeg", ".png", ".heic", ".heif", ".webp")
FILMS_IN_A_FOLDER = frozenset({*FILMS, ".3gp", ".mts", ".m2ts", ".ts", ".mpg", ".mpeg", ".wmv", ".flv", ".mxf"})
"""Endings of films that are looked for in a folder; a film that is named by itself may end as it likes."""
