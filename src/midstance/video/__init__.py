"""Films and stills: open, decode upright, and follow the motion of the camera."""
