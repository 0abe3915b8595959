"""Scans and photos in the vault: looked at as a stranger's bytes, made ready, kept, shown, sent.

``sniff`` tells what a file is by its first bytes, ``pictures`` and ``pdfs`` are the only readers
of untrusted content, ``prepare`` puts them together; ``commands`` and ``queries`` work on the
vault. Nothing here writes a file.
"""
