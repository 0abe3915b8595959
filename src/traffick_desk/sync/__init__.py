"""Bundles, links between desks, and the carriers that move them."""
