"""How rules speak, for a coach's own rules."""

from midstance.coaching.rules.words import DOMAIN, USUAL, _, numbers_in, told

__all__ = ["DOMAIN", "USUAL", "_", "numbers_in", "told"]
