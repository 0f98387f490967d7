"""The process that reads mutants: python -m validation.harden_child NEXT_SEEDS WANTED FOLDER SECONDS."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from validation.harden_files import work

if __name__ == "__main__":
    left, wanted, folder, seconds = sys.argv[1:]
    work(json.loads(left), int(wanted), folder=Path(folder), seconds=float(seconds))
