"""From the poses of everyone to one runner with two true legs, seen square to the run."""
