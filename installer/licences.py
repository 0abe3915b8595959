"""What is shipped: its licences on one page that the program shows, and the bill of materials."""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path

import parts
from parts import ROOT
from traffick_desk import __version__

_OURS = "traffick-desk"
# In the environment that freezes the program, and not in the program.
TOOLS = (
    "altgraph", "packaging", "pip", "pyinstaller", "pyinstaller-hooks-contrib", "setuptools",
)  # fmt: skip
_SPACE = uuid.UUID("0d0f1a52-6f0c-5a8b-8c3e-2b1f6f4f6f11")


def shipped(sites: Iterable[Path]) -> list[Distribution]:
    """Every library below the given folders, by name."""
    found = {}
    for site in sites:
        for library in distributions(path=[str(site)]):
            name = library.metadata["Name"].lower()
            if name not in TOOLS:
                found[name] = library
    return [found[name] for name in sorted(found)]


def licence_of(library: Distribution) -> str:
    """The licence in short, as the library names it."""
    about = library.metadata
    if about.get("License-Expression"):
        return str(about["License-Expression"])
    named = str(about.get("License") or "").strip()
    if named and "\n" not in named and len(named) < 80:
        return named
    classes = [c for c in about.get_all("Classifier") or [] if c.startswith("License :: ")]
    return " / ".join(c.rsplit(" :: ", 1)[1] for c in classes) or "see its text"


def texts_of(library: Distribution) -> list[tuple[str, str]]:
    """The licence texts a library brings: name and text."""
    found = []
    for file in library.files or []:
        if ".dist-info/" not in str(file):
            continue
        name = file.name.upper()
        inside = "/licenses/" in str(file).lower()
        if inside or name.startswith(("LICEN", "COPYING", "NOTICE", "AUTHORS")):
            path = Path(str(library.locate_file(file)))
            if path.is_file() and path.suffix.lower() not in {".json", ".py", ".pyc"}:
                found.append((file.name, path.read_text("utf-8", "replace").strip()))
    return sorted(found)


def write(path: Path, sites: Iterable[Path], more: Mapping[str, str]) -> None:
    """Write the page: a list in short, then every text in full.

    Raises:
        SystemExit: a library is under the GPL alone, which must not be shipped.
    """
    libraries = [x for x in shipped(sites) if x.metadata["Name"].lower() != _OURS]
    short = [f"{_OURS} {__version__}: Apache-2.0"]
    full = [_block(_OURS, (ROOT / "LICENSE").read_text("utf-8")),
            _block("NOTICE", (ROOT / "NOTICE").read_text("utf-8"))]  # fmt: skip
    for library in libraries:
        name, licence = library.metadata["Name"], licence_of(library)
        if re.search(r"(?<!L)(?<!A)GPL", licence) and "LGPL" not in licence:
            raise SystemExit(f"{name} is under {licence}: it must not be shipped")
        short.append(f"{name} {library.version}: {licence}")
        full += [_block(f"{name} – {what}", text) for what, text in texts_of(library)]
    for name, text in more.items():
        short.append(f"{name}: see below")
        full.append(_block(name, text))
    for text in sorted((ROOT / "resources").glob("**/*")):
        if re.match(r"(OFL|Apache|NOTICE|LICEN)", text.name) and text.is_file():
            full.append(_block(str(text.relative_to(ROOT)), text.read_text("utf-8")))
    path.write_text("\n".join(short) + "\n\n" + "\n\n".join(full) + "\n", "utf-8")


def _block(name: str, text: str) -> str:
    line = "=" * 78
    return f"{line}\n{name}\n{line}\n\n{text.strip()}"


def bill(path: Path, sites: Iterable[Path], platform: str, interpreter: str) -> None:
    """Write the bill of materials (CycloneDX 1.6, JSON); the same tree gives the same bytes."""
    from cyclonedx.factory.license import LicenseFactory
    from cyclonedx.model import HashAlgorithm, HashType
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.output.json import JsonV1Dot6
    from packageurl import PackageURL

    factory = LicenseFactory()
    at = dt.datetime.fromtimestamp(parts.epoch(), dt.UTC)
    bom = Bom(serial_number=uuid.uuid5(_SPACE, f"{__version__}/{platform}/{parts.epoch()}"))
    bom.metadata.timestamp = at
    root = Component(name=_OURS, version=__version__, type=ComponentType.APPLICATION,
                     bom_ref=_OURS, licenses=[factory.make_from_string("Apache-2.0")])  # fmt: skip
    bom.metadata.component = root
    made = []
    for library in shipped(sites):
        name = library.metadata["Name"]
        if name.lower() == _OURS:
            continue
        listed = library.read_text("RECORD") or ""
        made.append(
            Component(
                name=name,
                version=library.version,
                type=ComponentType.LIBRARY,
                bom_ref=f"{name}=={library.version}",
                purl=PackageURL("pypi", None, name.lower(), library.version),
                licenses=[factory.make_from_string(licence_of(library))],
                hashes=[HashType(alg=HashAlgorithm.SHA_256, content=_digest(listed))],
                description="SHA-256 of the library's RECORD, which names every file with its hash",
            )
        )
    made.append(Component(name=interpreter, type=ComponentType.PLATFORM, bom_ref=interpreter))
    for component in made:
        bom.components.add(component)
    bom.register_dependency(root, made)
    text = json.loads(JsonV1Dot6(bom).output_as_string())
    path.write_text(json.dumps(text, indent=1, sort_keys=True) + "\n", "utf-8")


def _digest(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()
