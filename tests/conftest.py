"""What every test shares: no test depends on how fast the machine is."""

from __future__ import annotations

import os
import signal

from hypothesis import HealthCheck, settings

from tests.fixtures.acted import run
from tests.fixtures.browsers import axe, browser
from tests.fixtures.stores import database, each_store, postgres, s3, store

__all__ = ["axe", "browser", "database", "each_store", "postgres", "run", "s3", "store"]

os.environ.setdefault("MIDSTANCE_CAGE", "0 0")  # commands run in one process; tests/test_cage.py takes it away

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # so a shell starts what it runs in the background
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("any_machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any_machine")
