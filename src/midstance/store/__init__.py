"""Athletes, takes and what was found in them, kept on the user's machine (or wherever the two addresses point).

Every name is loaded when it is first used: where the store is can be asked without loading the database.
"""

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from midstance.store.archive import export_athlete, import_athlete
    from midstance.store.opening import open_store
    from midstance.store.store import Store

__all__ = ["Store", "export_athlete", "import_athlete", "open_store"]

_HOME = MappingProxyType(
    {"export_athlete": "archive", "import_athlete": "archive", "Store": "store", "open_store": "opening"}
)


def __getattr__(name: str) -> Any:
    """Load a name from its module. Raises AttributeError."""
    if name not in _HOME:
        raise AttributeError(f"module 'midstance.store' has no attribute {name!r}")
    return getattr(import_module(f"midstance.store.{_HOME[name]}"), name)
