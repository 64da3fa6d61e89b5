"""The program that makes one picture into PNG: SVG comes in, PNG goes out.

It is started alone, without the packages around it, and so imports nothing that it can do without.
"""

import sys


def main() -> None:
    """Arguments: where resvg is, the style sheet, the zoom, and the fonts."""
    packages, style_sheet, zoom, *fonts = sys.argv[1:]
    sys.path.append(packages)
    import resvg_py  # noqa: PLC0415 (found only now)

    png = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode("utf-8"),
        style_sheet=style_sheet,
        skip_system_fonts=True,
        font_files=fonts,
        zoom=float(zoom),
    )
    sys.stdout.buffer.write(png)


if __name__ == "__main__":
    main()
