"""python -m midstance."""

from midstance.cli import main

main()
