"""Watch a runner while they run: a camera or a film at its own pace, the last strides measured, a tone that says yes.

`session.py` is the line of it: source -> looking -> (in another process) reading -> panel -> window, sound and films.
"""
