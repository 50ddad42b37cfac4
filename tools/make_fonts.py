"""Unpacks the bundled fonts from their npm packages (woff2) into the TTF files that typst reads.

Usage: npm install inter-ui@4.1.1 @fontsource/amiri, then with fonttools and brotli installed
python tools/make_fonts.py NODE_MODULES. The result is committed, so nobody else needs this.
"""

import shutil
import sys
from pathlib import Path

from fontTools.ttLib import TTFont

OUT = Path(__file__).parent.parent / "src/guilder/papers/rendering/fonts"
AMIRI = "@fontsource/amiri"
FONTS = {
    "inter-ui/variable/InterVariable.woff2": "InterVariable.ttf",
    f"{AMIRI}/files/amiri-arabic-400-normal.woff2": "Amiri-Regular.ttf",
    f"{AMIRI}/files/amiri-arabic-700-normal.woff2": "Amiri-Bold.ttf",
}
LICENCES = {
    "inter-ui/LICENSE.txt": "OFL-Inter.txt",
    f"{AMIRI}/LICENSE": "OFL-Amiri.txt",
}


def main(node_modules: Path) -> None:
    """Write every font and its licence into the rendering room."""
    OUT.mkdir(exist_ok=True)
    for source, name in FONTS.items():
        font = TTFont(node_modules / source, recalcTimestamp=False)
        font.flavor = None
        font.save(OUT / name)
    for source, name in LICENCES.items():
        shutil.copyfile(node_modules / source, OUT / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
