"""The colours behind the roles of a picture, on light ground and on dark.

Words are at least 4.5 times as light or dark as what they stand on (WCAG 2.2, 1.4.3).
"""

from collections.abc import Mapping
from typing import Literal

from bot.pictures.lettering import FAMILY

Theme = Literal["light", "dark"]
LEVELS = 5

LIGHT: Mapping[str, str] = {
    "page": "#ffffff",
    "panel": "#f3f5f8",
    "ink": "#1b2129",
    "soft": "#57616d",
    "rule": "#d5dbe2",
    "plan": "#6b7785",
    "done": "#157f56",
    "ahead": "#2563c9",
    "band": "#dbe7fb",
    "accent": "#2563c9",
    "on-accent": "#ffffff",
    "warm": "#a35a00",
    "level0": "#e6eaef",
    "level1": "#b5e4cc",
    "level2": "#69c598",
    "level3": "#2a9d6a",
    "level4": "#0f6743",
}
DARK: Mapping[str, str] = {
    "page": "#12161c",
    "panel": "#1b2129",
    "ink": "#e9eef4",
    "soft": "#a3aebb",
    "rule": "#333c47",
    "plan": "#8995a3",
    "done": "#45c08a",
    "ahead": "#76abff",
    "band": "#20324f",
    "accent": "#76abff",
    "on-accent": "#0d1116",
    "warm": "#f0a75f",
    "level0": "#252c35",
    "level1": "#164a33",
    "level2": "#1e7650",
    "level3": "#2fa572",
    "level4": "#72e2ab",
}
_COLOURS: Mapping[Theme, Mapping[str, str]] = {"light": LIGHT, "dark": DARK}


def colours(theme: Theme) -> Mapping[str, str]:
    return _COLOURS[theme]


def style_sheet(theme: Theme) -> str:
    """Each role as a class that fills, and as one named s-… that strokes."""
    rules = [f'text{{font-family:"{FAMILY}"}}']
    for role, colour in _COLOURS[theme].items():
        rules += [f".{role}{{fill:{colour}}}", f".s-{role}{{stroke:{colour}}}"]
    return "".join(rules)
