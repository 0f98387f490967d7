"""midstance: film a runner, learn what is really going on, get one cue, film again and see whether it worked."""

__version__ = "0.1.0"
