"""Geometry of a body in the plane: angles, curves over time, smoothing, centre of mass."""
