"""Finding the same person again: hints with their reasons, and ties that can be undone.

Nothing here says that two entries are one person: an officer does. The modules that compare
are read when they are first asked for (``likeness`` brings a library with it).
"""
