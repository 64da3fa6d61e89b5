"""Texts as chats measure them: in UTF-16 units, in whole characters, with something to see."""


def sound(text: str) -> str:
    """A text that can be encoded: half a surrogate pair becomes a replacement character."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def utf16_units(text: str) -> int:
    """How long a chat finds a text."""
    return len(text) + sum(char > "\uffff" for char in text)


def cut(text: str, most_units: int) -> str:
    """The beginning of a text, without half a character at its end."""
    return text.encode("utf-16-le")[: 2 * most_units].decode("utf-16-le", "ignore")


MOST_IN_A_NAME = 40


def called(name: str) -> str:
    """What somebody calls themselves, on one line and not without end."""
    return " ".join(sound(name).replace("\0", "").split())[:MOST_IN_A_NAME].rstrip()


def is_blank(text: str) -> bool:
    """Whether a chat would call it empty."""
    return not any(char.isprintable() and not char.isspace() for char in text)
