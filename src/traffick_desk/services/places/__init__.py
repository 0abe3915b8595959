"""Facilities and places: who is where on which day, what is free, who waits, what is missing."""
