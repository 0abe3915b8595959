"""Statistics: tables over everything that is described, and the reports made of them."""
