"""Find the people in every frame and where their joints are."""
