"""Keys: slots, age files, signatures. The only package that imports a cryptography library."""
