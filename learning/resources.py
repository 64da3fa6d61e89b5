"""Resources: what there is to read, watch or use outside our system."""

from typing import Annotated, Literal

from pydantic import Field

from learning.values import Id, Language, Level, Line, Url, Value, Words

ResourceKind = Literal[
    "book", "paper", "course", "video", "article", "docs", "code", "tool", "community", "platform"
]
Price = Literal["free", "partly", "paid"]


class Resource(Value):
    """Something to read, watch or use.

    `note` says why and for whom; `tags` are words people search by, in either language;
    `doubt` marks a link or claim that may be stale.
    """

    id: Id
    kind: ResourceKind
    title: Words
    url: Url | None = None
    level: Level
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    price: Price
    note: Words
    concepts: tuple[Id, ...] = ()
    tags: tuple[Line, ...] = ()
    doubt: Words | None = None
