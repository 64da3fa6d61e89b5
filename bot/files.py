"""The bytes of a file that a message carries, made when it is sent."""

import csv
import html
import io
import itertools
import sqlite3
import zipfile
from contextlib import closing
from datetime import UTC, datetime

from bot.ics import ics_of
from bot.message import Attachment

# Fixed for good: Anki tells by them that a later import is the same deck and kind of note.
MODEL_ID = 1_607_392_319
DECK_ID = 2_059_400_110
DECK = "Mentor 导师"
_FRONT = """<div class="stem">{{Question}}</div>
{{#Code}}<pre>{{Code}}</pre>{{/Code}}
{{#Options}}<div class="options">{{Options}}</div>{{/Options}}"""
_BACK = """{{FrontSide}}<hr id="answer">
<div class="answer">{{Answer}}</div><div class="why">{{Why}}</div>
<div class="source">{{Source}}</div>"""
_STYLE = """.card { font-family: sans-serif; font-size: 18px; line-height: 1.5; text-align: left; }
.options, .why { white-space: pre-line; margin-top: .8em; }
.answer { font-weight: bold; }
.source { margin-top: 1em; font-size: 13px; opacity: .7; }
pre { white-space: pre-wrap; }"""


def bytes_of(attachment: Attachment) -> bytes:
    """Make the file. An Anki deck takes about a third of a second for 300 notes."""
    match attachment.format:
        case "anki":
            return _anki(attachment)
        case "ics":
            return ics_of(attachment.rows, attachment.at)
        case "everything":
            return _zip(attachment)
        case _:
            return _csv(attachment)


def _zip(attachment: Attachment) -> bytes:
    """Rows are names and texts of files; other files stand beside them."""
    made = io.BytesIO()
    at = datetime.fromtimestamp(attachment.at, UTC).timetuple()[:6]
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        files = [(name, text.encode()) for name, text in attachment.rows]
        files += [(one.name, bytes_of(one)) for one in attachment.inside]
        for name, content in files:
            file = zipfile.ZipInfo(name, at)
            file.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(file, content)
    return made.getvalue()


def _csv(attachment: Attachment) -> bytes:
    """RFC 4180 with a byte order mark, without which Excel reads Chinese as nonsense."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(
        tuple(_without_formula(cell) for cell in row) for row in attachment.rows
    )
    return text.getvalue().encode("utf-8-sig")


def _without_formula(cell: str) -> str:
    """A spreadsheet would run a cell that begins like a formula."""
    is_number = cell.lstrip("-").replace(".", "", 1).isdecimal()
    return f"'{cell}" if cell[:1] in "=+-@" and not is_number else cell


def _anki(attachment: Attachment) -> bytes:
    # It takes a tenth of a second to load, and most runs export nothing.
    import genanki  # noqa: PLC0415

    names = ("Question", "Code", "Options", "Answer", "Why", "Source")
    model = genanki.Model(
        MODEL_ID,
        DECK,
        fields=[{"name": name} for name in names],
        templates=[{"name": "Quiz", "qfmt": _FRONT, "afmt": _BACK}],
        css=_STYLE,
    )
    deck = genanki.Deck(DECK_ID, DECK)
    for id, *fields, tags in attachment.rows:
        deck.add_note(
            genanki.Note(
                model,
                [html.escape(one) for one in fields],
                guid=genanki.guid_for("mentor", id),
                tags=tags.split(),
            )
        )
    # Its own writing leaves the cards behind in a temporary file.
    with closing(sqlite3.connect(":memory:")) as db:
        # Anki updates a note only from a file that is newer than what it has.
        ids = itertools.count(attachment.at * 1000)
        genanki.Package(deck).write_to_db(db.cursor(), float(attachment.at), ids)
        db.commit()
        collection = db.serialize()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("collection.anki2", collection)
        archive.writestr("media", "{}")
    return made.getvalue()
