"""A picture made into PNG, run as `python -m bot.pictures.drawing` in a process of its own."""

import json
import sys

from bot.pictures.lettering import BOLD, REGULAR
from bot.pictures.palette import Theme, style_sheet

ZOOM = 1.5


def drawn(svg: str, theme: Theme) -> bytes:
    """PNG of a picture, 1080 pixels wide.

    Raises:
        ImportError: where resvg has no build for the machine.
        ValueError: when the SVG is none.
    """
    # Only the process that draws needs it.
    import resvg_py  # noqa: PLC0415

    return resvg_py.svg_to_bytes(
        svg_string=svg,
        style_sheet=style_sheet(theme),
        skip_system_fonts=True,
        font_files=[str(REGULAR), str(BOLD)],
        zoom=ZOOM,
    )


def main() -> None:
    order = json.load(sys.stdin)
    sys.stdout.buffer.write(drawn(order["svg"], order["theme"]))


if __name__ == "__main__":
    main()
