"""Athletes, takes and what was found in them, kept on the user's machine (or wherever the two addresses point)."""

from midstance.store.archive import export_athlete, import_athlete
from midstance.store.store import Store, open_store

__all__ = ["Store", "export_athlete", "import_athlete", "open_store"]
