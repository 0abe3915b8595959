"""The .msi: what wixl reads, and the finished package; the same tree gives the same bytes."""

from __future__ import annotations

import hashlib
import sys
import uuid
from pathlib import Path
from xml.sax.saxutils import quoteattr

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import cabinet  # noqa: E402

import parts  # noqa: E402
from traffick_desk import __version__, edition  # noqa: E402

NAMESPACE = uuid.UUID("6c3d3b0e-5f0e-5b2f-9d4b-0f6c2d1f7a10")
CLASSES = "Software\\Classes\\"


def package(work: Path, stage: Path, target: Path) -> Path:
    """Pack the folder as it is to be installed.

    Args:
        work: for files in between; *stage* is its subfolder ``files``.
        stage: launchers, pointer and versions; every file gets the time of the build.
        target: the .msi.
    """
    (work / "desk.wxs").write_text(wxs(stage), "utf-8")
    parts.even(stage)
    parts.run("wixl", "-a", "x64", "-o", target, "desk.wxs", cwd=work)
    listed = (stage / "versions" / str(edition.NUMBER) / "files.json").read_bytes()
    code = uuid.uuid5(NAMESPACE, f"package/{hashlib.sha256(listed).hexdigest()}")
    cabinet.finish(target, parts.epoch(), code)
    return target


def wxs(stage: Path) -> str:
    """What wixl reads: every file a component, with ids that follow from its path."""
    components: list[str] = []

    def tag(kind: str, path: str) -> str:
        return kind + hashlib.sha256(path.encode()).hexdigest()[:24]

    def folder(at: Path) -> str:
        out = []
        for path in sorted(at.iterdir()):
            name = path.relative_to(stage).as_posix()
            if path.is_dir():
                inside = folder(path)
                out.append(
                    f"<Directory Id='{tag('d', name)}' Name={quoteattr(path.name)}>{inside}</Directory>"
                )
            else:
                identity = tag("c", name)
                components.append(identity)
                guid = str(uuid.uuid5(NAMESPACE, f"{__version__}/{name}")).upper()
                source = quoteattr(f"files/{name}")
                out.append(
                    f"<Component Id='{identity}' Guid='{guid}' Win64='yes'>"
                    f"<File Id='{tag('f', name)}' Source={source} Name={quoteattr(path.name)} KeyPath='yes'/>"
                    "</Component>"
                )
        return "".join(out)

    tree = folder(stage)
    refs = "".join(f"<ComponentRef Id='{c}'/>" for c in components)
    product = str(uuid.uuid5(NAMESPACE, f"product/{__version__}")).upper()
    upgrade = str(uuid.uuid5(NAMESPACE, "upgrade")).upper()
    link = str(uuid.uuid5(NAMESPACE, f"link/{__version__}")).upper()
    classes = file_classes()
    return f"""<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
 <Product Id="{product}" Name="traffick-desk" Language="1066" Codepage="1258" Version="{__version__}"
          Manufacturer="traffick-desk" UpgradeCode="{upgrade}">
  <Package InstallerVersion="500" Compressed="yes" InstallScope="perMachine"/>
  <Media Id="1" Cabinet="desk.cab" EmbedCab="yes"/>
  <MajorUpgrade DowngradeErrorMessage="A newer version of traffick-desk is installed."/>
  <Directory Id="TARGETDIR" Name="SourceDir">
   <Directory Id="ProgramFiles64Folder"><Directory Id="INSTALLDIR" Name="traffick-desk">{tree}</Directory></Directory>
   <Directory Id="ProgramMenuFolder"><Component Id="cLink" Guid="{link}">
     <Shortcut Id="sLink" Name="traffick-desk" Target="[INSTALLDIR]traffick-desk.exe" WorkingDirectory="INSTALLDIR"/>
     <RegistryValue Root="HKCU" Key="Software\\traffick-desk" Name="msi" Type="integer" Value="1" KeyPath="yes"/>
   </Component></Directory>
   {classes}
  </Directory>
  <Feature Id="main" Level="1">{refs}<ComponentRef Id="cLink"/><ComponentRef Id="cClasses"/></Feature>
 </Product>
</Wix>
"""


def file_classes() -> str:
    """What a double-click on a bundle or an update does, for everybody on the PC.

    In plain letters: wixl 0.101 ends with a fault at a Vietnamese one.
    """
    values = []
    for kind, suffix, name in (
        ("bundle", ".age", "traffick-desk bundle"),
        ("update", ".tdupdate", "traffick-desk update"),
    ):
        identity = f"traffick-desk.{kind}"
        values += [
            (identity, "", name),
            (identity + "\\DefaultIcon", "", "[INSTALLDIR]traffick-desk.exe,0"),
            (identity + "\\shell\\open\\command", "", '"[INSTALLDIR]traffick-desk.exe" open "%1"'),
            (suffix, "", identity),
            (suffix + "\\OpenWithProgids", identity, ""),
        ]
    lines = []
    for number, (key, name, value) in enumerate(values):
        path = "" if number else " KeyPath='yes'"
        named = f" Name={quoteattr(name)}" if name else ""
        lines.append(
            f"<RegistryValue Root='HKLM' Key={quoteattr(CLASSES + key)}{named} Type='string'"
            f" Value={quoteattr(value)}{path}/>"
        )
    guid = str(uuid.uuid5(NAMESPACE, f"classes/{__version__}")).upper()
    inside = "".join(lines)
    return f"<Component Id='cClasses' Guid='{guid}' Win64='yes'>{inside}</Component>"
