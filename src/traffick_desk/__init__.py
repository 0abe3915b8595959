"""traffick-desk: an offline-first desk for officers who receive victims of human trafficking."""

__version__ = "0.1.0"
