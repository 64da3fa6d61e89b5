"""Which models there are to ask, and how long to wait for them."""

import ipaddress
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

OPENAI = "https://api.openai.com/v1"

# What a server on this machine or in this network is sent when it wants no key.
NO_KEY = "no-key"

# Of the time that a turn waits for a first sign; the rest is for the model asked next.
FIRST_ONES_SHARE = 2 / 3
SHORTEST_FIRST_SIGN = 0.3

_LOCAL_ENDINGS = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model at an address that speaks chat completions."""

    model: str
    base_url: str
    key: str = field(repr=False)

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or "?"

    @property
    def is_local(self) -> bool:
        return is_local(self.base_url)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait: for the first byte, between two of them, and for the whole answer."""

    first_sign: float = 4.5
    silence: float = 20.0
    whole: float = 60.0


@dataclass(slots=True)
class Waiting:
    """How long one turn has waited for a first sign in vain, whichever models it asked.

    `has_others` is true while there is another model to ask after this one.
    """

    seconds: float = 0.0
    has_others: bool = False

    def left_of(self, patience: Patience) -> Patience:
        """The patience for the next request: nobody waits twice for models that are down."""
        left = max(SHORTEST_FIRST_SIGN, patience.first_sign - self.seconds)
        return replace(patience, first_sign=left * FIRST_ONES_SHARE if self.has_others else left)


_waiting: ContextVar[Waiting | None] = ContextVar("waiting", default=None)


@contextmanager
def waiting_as(waiting: Waiting | None) -> Iterator[None]:
    """Wait as one turn for whatever is asked inside, in tasks begun there as well."""
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)


def waiting_now() -> Waiting:
    """How long the turn that runs has waited; outside one it is nobody's yet."""
    return _waiting.get() or Waiting()


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The models of an installation.

    `small` writes summaries and notes, the main one does when there is none; `fallback` answers
    while the main one is down. `extra` goes into every request to the main one's address: another
    address may belong to another provider, which would refuse it. `proxy` is not used for a small
    or fallback model on this machine or in this network.
    """

    main: Endpoint
    small: Endpoint | None = None
    fallback: Endpoint | None = None
    patience: Patience = Patience()
    proxy: str | None = field(default=None, repr=False)
    extra: Mapping[str, Any] = field(default_factory=dict)
    wants_usage: bool = True


def is_local(base_url: str) -> bool:
    """Say whether an address is on this machine or in a private network."""
    host = (urlsplit(base_url).hostname or "").rstrip(".")
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        # A name without a dot is `localhost`, or a service of the same compose file.
        return bool(host) and ("." not in host or host.endswith(_LOCAL_ENDINGS))
