"""Speed of every stage."""
