"""The directory of services: who helps with what, where, for whom, and when that was checked."""
