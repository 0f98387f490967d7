"""The endings of names by which films and pictures are known before they are opened."""

FILMS = (".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".gif")
PICTURES = (".jpg", ".jpeg", ".png", ".heic", ".heif", ".webp")
