"""Draw on frames: skeleton, angles, stills, films, curves."""
