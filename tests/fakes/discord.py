"""Discord on loopback: the REST API v10, the gateway, and the people on the other side.

In a test: `async with FakeDiscord() as discord:`, point discord.py at `discord.api_url` and
`discord.gateway_url` (see `point_client_at`), then `discord.say(7, "hello")`.
For another process: `python -m tests.fakes.discord --port 8082 --token a.b.c`, then
`POST /control/say {"person": 7, "text": "hello"}`; every control is listed in `_controls`.
"""

import argparse
import asyncio
import base64
import copy
import dataclasses
import json
import mimetypes
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import quote

from aiohttp import BodyPartReader, WSCloseCode, WSMsgType, web
from typing_extensions import override

from tests.fakes import discord_rules as rules
from tests.fakes.discord_rules import ApiError, refusal
from tests.fakes.loopback import Json, LoopbackServer, cut, guarded, serve, wall_clock

BOT = 900000000000000001
TOKEN = "OTAwMDAwMDAwMDAwMDAwMDAx.loopback.no-secret"
API = "/api/v10"
DISCORD_EPOCH = 1420070400.0
FILE_SECONDS = 86400
TEXT, DM, NEWS, PUBLIC_THREAD, PRIVATE_THREAD = 0, 1, 5, 11, 12
THREADS = (10, PUBLIC_THREAD, PRIVATE_THREAD)


@dataclass(slots=True)
class Fault:
    """What goes wrong with the next `times` requests that match; None means all of them."""

    method: str
    path: str
    times: int | None
    error: ApiError | None = None
    html: int = 0
    hang: float = 0.0
    cut: str = ""

    def matches(self, method: str, path: str) -> bool:
        return fnmatchcase(method, self.method.upper()) and fnmatchcase(path, self.path)


@dataclass(slots=True)
class Request:
    """A REST call; `path` begins behind /api/v10, `json` is payload_json where files came too."""

    method: str
    path: str
    query: dict[str, str]
    json: Any
    at: float
    status: int | None = None


@dataclass(frozen=True, slots=True)
class StoredFile:
    id: int
    channel: int
    name: str
    content: bytes
    claimed_size: int


@dataclass(slots=True)
class Posted:
    """A message as it stands on people's screens."""

    id: str
    channel: int
    author: int
    at: float
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    flags: int = 0
    nonce: str | None = None
    ephemeral_to: int | None = None
    stored: list[StoredFile] = field(default_factory=list)
    reply_to: str | None = None
    mentions: list[int] = field(default_factory=list)
    pinged: list[int | str] = field(default_factory=list)
    """Whom the message notified: people's ids, "everyone", "here", and "&5" for a role."""
    allowed_mentions: Json | None = None
    edits: list[str] = field(default_factory=list)
    """The content after each edit, oldest first."""
    edited_at: float | None = None
    interaction_id: str | None = None
    is_deleted: bool = False

    @property
    def is_from_bot(self) -> bool:
        return self.author == BOT

    @property
    def is_thinking(self) -> bool:
        """Whether this is what a deferred answer shows until there is one."""
        return bool(self.flags & rules.LOADING)

    @property
    def files(self) -> dict[str, bytes]:
        return {stored.name: stored.content for stored in self.stored}

    @property
    def buttons(self) -> list[list[str]]:
        """The labels of the buttons, row by row."""
        rows = [row.get("components") or [] for row in self.components]
        labels = [[str(one.get("label", "")) for one in row if one["type"] == 2] for row in rows]
        return [row for row in labels if row]


@dataclass(slots=True)
class Interaction:
    """A press, a command, an autocompletion or a modal, and what the bot answered."""

    id: str
    token: str
    kind: int
    person: int
    channel: int
    at: float
    data: Json
    responses: list[Json] = field(default_factory=list)
    """The callbacks that were taken, as {"type": ..., "data": ...}."""
    followups: list[Posted] = field(default_factory=list)
    original: Posted | None = None
    """What @original means to the bot: its first answer, or the message with the button."""
    message: Posted | None = None

    @property
    def is_answered(self) -> bool:
        return bool(self.responses)

    @property
    def modal(self) -> Json | None:
        shown = [one["data"] for one in self.responses if one["type"] == 9]
        return shown[0] if shown else None


@dataclass(eq=False, slots=True)
class Line:
    """One connection to the gateway; what is sent goes through a queue, so in order."""

    socket: web.WebSocketResponse
    request: web.Request
    outgoing: asyncio.Queue[Json | int] = field(default_factory=asyncio.Queue)
    """Payloads, and at last the code to close with."""

    def abort(self) -> None:
        if self.request.transport is not None:
            self.request.transport.abort()


@dataclass(slots=True)
class Session:
    """What survives a dropped line: the numbered events of one IDENTIFY."""

    id: str
    intents: int
    identify: Json
    shard: int
    shards: int
    line: Line | None = None
    events: list[Json] = field(default_factory=list)

    def hears(self, guild: object) -> bool:
        """Whether what happens in a guild, or in none (None), is told here."""
        return (int(str(guild or 0)) >> 22) % self.shards == self.shard

    def tell(self, event: str, payload: Json) -> None:
        numbered = {"op": 0, "t": event, "s": len(self.events) + 1, "d": payload}
        self.events.append(copy.deepcopy(numbered))
        if self.line is not None:
            self.line.outgoing.put_nowait(numbered)


class FakeDiscord(LoopbackServer):
    """One application with its bot, the guilds it is in, and everybody who talks to it.

    Ids of people, guilds and channels are whatever numbers a test likes; a person's DM gets its
    number on first use. Ids of messages and interactions are snowflakes of this server's clock.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        port: int = 0,
        clock: Callable[[], float] = wall_clock,
    ) -> None:
        super().__init__(port=port, clock=clock)
        self.token = token
        self.username = "Mentor"
        self.latency = 0.0
        self.grants_message_content = True
        self.acks_heartbeats = True
        self.heartbeat_seconds = 41.25
        self.shards = 1
        """How many shards a bot is told to have; with fewer it is hung up on."""
        self.paces_identifies = False
        """Whether a session that begins within 5 s of another is refused."""
        self.upload_limit = rules.UPLOAD
        self.rates: rules.Rates | None = None
        self.requests: list[Request] = []
        self.interactions: dict[str, Interaction] = {}
        self.identifies: list[Json] = []
        """What every IDENTIFY said."""
        self._identified_at = 0.0
        self.resumes: list[Json] = []
        """What every RESUME said, the refused ones too."""
        self.commands: list[Json] = []
        """The application's global commands, as they were registered last."""
        self.guild_commands: dict[int, list[Json]] = {}
        self.command_syncs = 0
        """How often the commands were overwritten."""
        self.guilds: dict[int, Json] = {}
        self._joined: set[int] = set()
        self._channels: dict[int, Json] = {}
        self._dms: dict[int, int] = {}
        self._closed_dms: set[int] = set()
        self._forbidden: dict[int, int] = {}
        self._names: dict[int, str] = {}
        self._posted: dict[int, Posted] = {}
        self._files: dict[int, StoredFile] = {}
        self._nonces: dict[tuple[int, str], Posted] = {}
        self._sessions: dict[str, Session] = {}
        self._lines: set[Line] = set()
        self._faults: list[Fault] = []
        self._last_id = 0
        self._gateway_away = False
        self._returning: asyncio.Task[None] | None = None

    @property
    def api_url(self) -> str:
        """For `discord.http.Route.BASE`."""
        return f"{self.root}{API}"

    @property
    def gateway_url(self) -> str:
        """For `discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY`, as a yarl.URL."""
        return f"ws://127.0.0.1:{self.port}/gw"

    @override
    async def __aexit__(self, *exception: object) -> None:
        if self._returning is not None:
            self._returning.cancel()
        self._closing.set()
        self._abort_lines()
        await super().__aexit__(*exception)

    # People ---------------------------------------------------------------------------------

    def meet(self, person: int, name: str) -> None:
        """Give a person a name; without one it is "Learner 7"."""
        self._names[person] = name

    def dm(self, person: int) -> int:
        """The channel between a person and the bot, the same each time."""
        if person not in self._dms:
            self._dms[person] = self._new_id()
            self._channels[self._dms[person]] = {
                "id": str(self._dms[person]),
                "type": DM,
                "flags": 0,
                "last_message_id": None,
                "recipients": [self._user(person)],
            }
        return self._dms[person]

    def guild(
        self,
        id: int,
        members: Iterable[int] = (),
        channels: Iterable[int] | Mapping[int, str] = (),
        *,
        name: str = "Study group",
        locale: str = "zh-CN",
        joined: bool = True,
        owner: int | None = None,
    ) -> Json:
        """Set up a guild; unless `joined`, the bot is no member and only user installs work there.

        It is the first member's, unless it has another `owner`, who need not be in it. A bot that
        is online is told at once.
        """
        named = channels if isinstance(channels, Mapping) else {one: f"c{one}" for one in channels}
        self.guilds[id] = {
            "id": str(id),
            "name": name,
            "owner_id": str(next(iter(members), 1) if owner is None else owner),
            "preferred_locale": locale,
            "members": [int(person) for person in members],
            "appointed": {},
        }
        for channel, title in named.items():
            self._channels[channel] = self._guild_channel(channel, id, title)
        if joined:
            self._joined.add(id)
            self._tell("GUILD_CREATE", self._guild_json(id), rules.GUILDS_INTENT)
        return self.guilds[id]

    def appoint(self, guild: int, person: int, permission: str = "administrator") -> None:
        """Give a member a role with this permission: "administrator" or "manage_guild"."""
        if person not in self.guilds[guild]["members"]:
            raise LookupError(f"{person} is no member of {guild}")
        role = rules.PERMISSIONS[permission] + guild * 100
        self.guilds[guild]["appointed"].setdefault(person, {})[role] = permission

    def dismiss(self, guild: int, person: int) -> None:
        """Take a member's roles away."""
        self.guilds[guild]["appointed"].pop(person, None)

    def open_thread(
        self, channel: int, name: str, *, below: int | str | None = None, is_told: bool = True
    ) -> int:
        """Let somebody open a thread, below a message or by itself; return its number.

        Unless `is_told`, the bot hears nothing of it, as of one from before it was there.
        """
        number = self._new_id() if below is None else int(below)
        thread = self._thread(number, channel, name, PUBLIC_THREAD)
        self._channels[number] = thread
        if is_told:
            self._tell("THREAD_CREATE", thread | {"newly_created": True}, rules.GUILDS_INTENT)
        return number

    def archive(self, thread: int, *, locked: bool = False) -> None:
        """Put a thread away; a message of anybody's opens it again, unless it is locked."""
        self._set_archived(thread, archived=True, locked=locked)

    def _set_archived(self, thread: int, *, archived: bool, locked: bool = False) -> None:
        changed = self._channels[thread]
        changed["thread_metadata"] |= {"archived": archived, "locked": locked}
        self._tell("THREAD_UPDATE", changed, rules.GUILDS_INTENT)

    def kick(self, guild: int) -> None:
        """Throw the bot out of a guild."""
        self._joined.discard(guild)
        self._tell("GUILD_DELETE", {"id": str(guild)}, rules.GUILDS_INTENT)

    def remove_channel(self, channel: int) -> None:
        """Delete a guild's channel: it is unknown from now on."""
        gone = self._channels.pop(channel)
        event = "THREAD_DELETE" if gone["type"] in THREADS else "CHANNEL_DELETE"
        self._tell(event, gone, rules.GUILDS_INTENT)

    def forbid(self, channel: int, code: int = 50013) -> None:
        """Refuse the bot's messages in a channel: 50013 no permission, 50001 not even to look."""
        self._forbidden[channel] = code

    def allow(self, channel: int) -> None:
        self._forbidden.pop(channel, None)

    def close_dms(self, person: int) -> None:
        """Take no more DMs from the bot: it is answered 50007."""
        self._closed_dms.add(person)

    def open_dms(self, person: int) -> None:
        self._closed_dms.discard(person)

    def say(
        self,
        person: int,
        text: str,
        *,
        channel: int | None = None,
        attachments: Iterable[tuple[str, bytes]] = (),
        reply_to: int | str | None = None,
        mentions_bot: bool = False,
        claimed_size: int | None = None,
    ) -> str:
        """Write to the bot, or in a channel of a guild; return the message's id.

        `mentions_bot` puts the bot's mention before the text; `claimed_size` lets the metadata of
        the attachments lie.
        """
        place = self.dm(person) if channel is None else channel
        if place not in self._channels:
            raise LookupError(f"no channel {place}: {sorted(self._channels)}")
        words = f"<@{BOT}> {text}" if mentions_bot else text
        answered = self._posted[int(reply_to)] if reply_to is not None else None
        metadata = self._channels[place].get("thread_metadata", {})
        if metadata.get("archived") and not metadata["locked"]:
            self._set_archived(place, archived=False)
        posted = self._post(place, person, {"content": words}, reply_to=answered)
        posted.stored = [
            self._store(place, name, content, claimed_size) for name, content in attachments
        ]
        self._tell_message("MESSAGE_CREATE", posted)
        return posted.id

    def edit(self, person: int, message_id: int | str, text: str) -> None:
        """Change one's own message."""
        posted = self._own(person, message_id)
        self._edit(posted, {"content": text}, [])

    def delete(self, person: int, message_id: int | str) -> None:
        """Take back one's own message."""
        self._delete(self._own(person, message_id))

    def press(
        self,
        person: int,
        message_id: int | str,
        label_or_custom_id: str,
        *,
        values: Sequence[str] = (),
        locale: str = "zh-CN",
        forged: bool = False,
    ) -> str:
        """Press a button, or choose `values` (or their labels) in a select; return the id.

        A select is found by its custom_id or placeholder. `forged` sends the custom_id of a button
        that is not there, as a manipulated client would.
        """
        posted = self._posted[int(message_id)]
        if posted.is_deleted or posted.ephemeral_to not in (None, person):
            raise LookupError(f"message {message_id} is not on the screen of {person}")
        found = [
            one
            for one in rules.each_component(posted.components)
            if label_or_custom_id in (one.get("custom_id"), one.get("label"))
            or label_or_custom_id == one.get("placeholder")
        ]
        pressable = [one for one in found if one.get("custom_id") and not one.get("disabled")]
        if forged:
            pressable = [{"type": rules.BUTTON, "custom_id": label_or_custom_id, "id": 99}]
        if not pressable:
            raise LookupError(
                f"nothing to press called {label_or_custom_id!r} in {message_id}: {posted.buttons}"
            )
        (component,) = pressable[:1]
        data = {
            "custom_id": component["custom_id"],
            "component_type": component["type"],
            "id": component.get("id", 1),
        }
        if component["type"] in rules.SELECTS:
            data["values"] = _chosen(component, values)
        return self._interact(3, person, posted.channel, data, locale, message=posted).id

    def command(
        self,
        person: int,
        name: str,
        options: Mapping[str, object] | None = None,
        *,
        channel: int | None = None,
        locale: str = "zh-CN",
        user_installed: bool = False,
    ) -> str:
        """Send a registered slash command ("group sub" for a subcommand); return the id.

        ValueError where Discord's client would not let one: an unknown or missing option, a value
        of the wrong type or not among the choices, a place or install that is not allowed.
        An attachment is given as (name, content).
        """
        data = self._command_data(person, name, options or {}, channel, user_installed)
        return self._interact(
            2,
            person,
            self.dm(person) if channel is None else channel,
            data,
            locale,
            user_installed=user_installed,
        ).id

    async def autocomplete(
        self,
        person: int,
        name: str,
        option: str,
        typed: str,
        options: Mapping[str, object] | None = None,
        *,
        channel: int | None = None,
        locale: str = "zh-CN",
        user_installed: bool = False,
        within: float = 5.0,
    ) -> list[Json]:
        """Type into an option; return the choices the bot offers, as {"name", "value"}.

        `options` holds what was filled in before.
        """
        data = self._command_data(
            person, name, options or {}, channel, user_installed, typing=(option, typed)
        )
        asked = self._interact(
            4,
            person,
            self.dm(person) if channel is None else channel,
            data,
            locale,
            user_installed=user_installed,
        )
        await self.wait_for(lambda: asked.responses, within)
        choices: list[Json] = asked.responses[0]["data"].get("choices") or []
        return choices

    def submit_modal(
        self,
        person: int,
        interaction_or_custom_id: str,
        values: Mapping[str, object],
        *,
        locale: str = "zh-CN",
    ) -> str:
        """Fill in a modal that was shown to this person, by custom_id; return the new id.

        The modal is named by the interaction that opened it, or by its own custom_id (the latest).
        """
        opened = [
            one
            for one in self.interactions.values()
            if one.person == person
            and one.modal is not None
            and interaction_or_custom_id in (one.id, one.modal["custom_id"])
        ]
        if not opened:
            raise LookupError(f"no modal {interaction_or_custom_id!r} was shown to {person}")
        opener = opened[-1]
        modal = opener.modal or {}
        names = [
            one["custom_id"]
            for one in rules.each_component(modal["components"])
            if "custom_id" in one
        ]
        if unknown := set(values) - set(names):
            raise ValueError(f"the modal has no {sorted(unknown)}, only {names}")
        data = {
            "custom_id": modal["custom_id"],
            "components": [_filled(one, values) for one in modal["components"]],
            "resolved": {},
        }
        return self._interact(5, person, opener.channel, data, locale, message=opener.message).id

    # The line -------------------------------------------------------------------------------

    @property
    def connected(self) -> int:
        """How many sessions have a living line."""
        return sum(session.line is not None for session in self._sessions.values())

    def drop_line(self, code: int | None = None) -> None:
        """Cut every gateway connection, or close it with a code; the sessions can be resumed."""
        if code is None:
            self._abort_lines()
            return
        for line in self._lines:
            line.outgoing.put_nowait(code)

    def ask_to_reconnect(self) -> None:
        """Send op 7."""
        for line in self._lines:
            line.outgoing.put_nowait({"op": 7, "d": None, "s": None, "t": None})

    def invalidate_sessions(self, *, resumable: bool = False) -> None:
        """Send op 9; unless `resumable`, the events of the sessions are forgotten."""
        for line in self._lines:
            line.outgoing.put_nowait({"op": 9, "d": resumable, "s": None, "t": None})
        if not resumable:
            self._sessions.clear()

    def forget_sessions(self, shard: int | None = None) -> None:
        """Drop all lines, or a shard's, and have no session left to resume for them."""
        for id, session in list(self._sessions.items()):
            if shard in {None, session.shard}:
                del self._sessions[id]
                if session.line is not None:
                    session.line.abort()

    async def go_away(self, seconds: float | None = None, *, gateway_only: bool = False) -> None:
        """Refuse connections until `come_back`, or for so many (real) seconds.

        `gateway_only` leaves REST up and answers the gateway's handshake with 503. Otherwise the
        controls are away as well, so another process has to give `seconds`.
        """
        if gateway_only:
            self._gateway_away = True
            self._abort_lines()
        elif self._runner is not None:
            for site in list(self._runner.sites):
                await site.stop()
            for connection in list(self._runner.server.connections if self._runner.server else []):
                if connection.transport is not None:
                    connection.transport.abort()
        if seconds is not None:
            self._returning = asyncio.create_task(self._come_back_after(seconds))

    async def come_back(self) -> None:
        """Take connections again, on the same port."""
        self._gateway_away = False
        if self._runner is not None and not self._runner.sites:
            await self._listen(self.port)

    async def _come_back_after(self, seconds: float) -> None:
        await self._pause(seconds)
        if not self._closing.is_set():
            await self.come_back()

    # Faults ---------------------------------------------------------------------------------

    def fail(
        self,
        method: str,
        path: str,
        status: int | None = None,
        code: int | None = None,
        times: int | None = 1,
        *,
        message: str | None = None,
        retry_after: float = 1.0,
        is_global: bool = False,
        via: bool = True,
        headers: Mapping[str, str] | None = None,
        hang: float = 0.0,
        cut: str = "",
    ) -> None:
        """Let the next `times` requests go wrong that match ("*", "/channels/*/messages").

        With a status they are refused: 429 with `retry_after`, `is_global` and, unless `via` is
        false, the header without which discord.py gives up at once; 5xx without a code as HTML.
        `hang` is silent for so long before anything; `cut` "before" or "after" doing what was
        asked resets the connection. Paths begin behind /api/v10; the gateway's is "/gw".
        """
        if cut not in {"", "before", "after"}:
            raise ValueError(f"cut before or after, not {cut!r}")
        fault = Fault(method, path, times, hang=hang, cut=cut)
        if status == 429 and code is None:
            fault.error = rules.too_many(retry_after, is_global=is_global, via=via, now=self.now())
        elif status is not None and status >= 500 and code is None and message is None:
            fault.html = status
        elif status is not None:
            spoken = message or rules.message_of(status, code)
            fault.error = ApiError(status, code or 0, spoken)
        if fault.error is not None:
            fault.error.headers |= headers or {}
        self._faults.append(fault)

    def heal(self) -> None:
        """Forget all scripted faults, the latency and the rates."""
        self._faults.clear()
        self.latency = 0.0
        self.rates = None

    def enforce_rates(self, messages: int = 5, seconds: float = 5.0, overall: int = 50) -> None:
        """Answer 429 beyond so many new messages a channel, and so many requests a second."""
        self.rates = rules.Rates(messages, seconds, overall)

    # Inspection -----------------------------------------------------------------------------

    def messages(self, where: int | None = None, *, deleted: bool = False) -> list[Posted]:
        """What stands in a channel or in a person's DM, oldest first; everybody's messages.

        A deferred answer that is still empty is not among them.
        """
        place = where if where is None or where in self._channels else self._dms.get(where, 0)
        return [
            posted
            for posted in self._posted.values()
            if place in (None, posted.channel)
            and posted.is_deleted is deleted
            and not posted.is_thinking
        ]

    def sent(self, where: int | None = None) -> list[Posted]:
        """What the bot has sent, as it stands now."""
        return [posted for posted in self.messages(where) if posted.is_from_bot]

    def whispers(self, person: int, interaction: str | None = None) -> list[Posted]:
        """What only this person sees, oldest first; of all answers, or of those to one press."""
        return [
            posted
            for posted in self.messages()
            if posted.ephemeral_to == person and interaction in (None, posted.interaction_id)
        ]

    def threads(self, channel: int) -> dict[int, str]:
        """The titles of the threads of a channel, by number."""
        return {
            int(one["id"]): one["name"]
            for one in self._channels.values()
            if one["type"] in THREADS and one["parent_id"] == str(channel)
        }

    def message(self, id: int | str) -> Posted:
        """One message by its id, also a deleted one."""
        return self._posted[int(id)]

    def calls(self, method: str = "*", path: str = "*") -> list[Request]:
        """The requests that match, as with `fail`."""
        return [
            one
            for one in self.requests
            if fnmatchcase(one.method, method.upper()) and fnmatchcase(one.path, path)
        ]

    @override
    def summary(self) -> str:
        last = [f"{one.method} {one.path}: {one.status}" for one in self.requests[-8:]]
        return f"{self.connected} sessions connected, the last requests were {last}"

    # REST -----------------------------------------------------------------------------------

    @override
    def _routes(self) -> Iterable[web.RouteDef]:
        yield web.get("/gw", guarded(self._gateway))
        yield web.get("/attachments/{channel}/{file}/{name}", guarded(self._download))
        for method, path, call in self._endpoints():
            yield web.route(method, f"{API}{path}", guarded(self._endpoint(call)))
        yield web.route("*", f"{API}/{{rest:.*}}", guarded(self._endpoint(self._nothing_here)))

    def _endpoints(self) -> Iterable[tuple[str, str, Callable[["Call"], object]]]:
        message = "/channels/{channel}/messages/{message}"
        webhook = "/webhooks/{app}/{token}"
        commands = "/applications/{app}/commands"
        guild_commands = "/applications/{app}/guilds/{guild}/commands"
        return (
            ("GET", "/users/@me", lambda _: self._user(BOT)),
            ("GET", "/users/{person}", lambda call: self._user(call.number("person"))),
            ("GET", "/oauth2/applications/@me", lambda _: self._application()),
            ("GET", "/gateway/bot", lambda _: self._gateway_bot()),
            ("POST", "/users/@me/channels", self._open_dm),
            ("GET", "/guilds/{guild}", self._get_guild),
            ("GET", "/guilds/{guild}/members/{person}", self._get_member),
            ("GET", "/channels/{channel}", self._get_channel),
            ("GET", "/channels/{channel}/messages", self._get_messages),
            ("POST", "/channels/{channel}/messages", self._create_message),
            ("POST", "/channels/{channel}/typing", self._start_typing),
            ("POST", "/channels/{channel}/threads", self._create_thread),
            ("GET", message, self._get_message),
            ("PATCH", message, self._edit_message),
            ("DELETE", message, self._delete_message),
            ("POST", f"{message}/threads", self._create_thread),
            ("GET", commands, lambda _: self.commands),
            ("PUT", commands, self._put_commands),
            ("GET", guild_commands, self._get_guild_commands),
            ("PUT", guild_commands, self._put_commands),
            ("POST", "/interactions/{id}/{token}/callback", self._callback),
            ("POST", webhook, self._follow_up),
            ("GET", f"{webhook}/messages/{{message}}", self._get_followup),
            ("PATCH", f"{webhook}/messages/{{message}}", self._edit_followup),
            ("DELETE", f"{webhook}/messages/{{message}}", self._delete_followup),
        )

    def _endpoint(self, do: Callable[["Call"], object]) -> Callable[[web.Request], Any]:
        async def answer(request: web.Request) -> web.StreamResponse:
            call = await Call.read(request)
            record = Request(
                request.method,
                request.path.removeprefix(API),
                dict(request.query),
                copy.deepcopy(call.body),
                self.now(),
            )
            self.requests.append(record)
            fault = self._fault(record.method, record.path)
            await self._pause(self.latency + (fault.hang if fault else 0.0))
            response = self._answer(call, do, fault)
            record.status = response.status
            self._touch()
            if fault is not None and fault.cut:
                record.status = None
                return cut(request)
            return response

        return answer

    def _answer(
        self, call: "Call", do: Callable[["Call"], object], fault: Fault | None
    ) -> web.Response:
        if fault is not None and fault.html:
            text = f"<html><head><title>{fault.html}</title></head><body>cloudflare</body></html>"
            return web.Response(text=text, status=fault.html, content_type="text/html")
        if fault is not None and fault.cut == "before":
            return web.Response()
        if fault is not None and fault.error is not None:
            return _json(fault.error.body, fault.error.status, fault.error.headers)
        headers: dict[str, str] = {}
        try:
            open_to_all = call.path.startswith(("/webhooks/", "/interactions/"))
            if not open_to_all:
                self._check_token(call)
            if self.rates is not None and not open_to_all:
                headers = self.rates.charge(self.now(), _bucket(call))
            result = do(call)
        except ApiError as error:
            return _json(error.body, error.status, headers | error.headers)
        if result is None:
            return web.Response(status=204, headers=headers)
        return _json(result, 200, headers)

    def _check_token(self, call: "Call") -> None:
        if call.authorization != f"Bot {self.token}":
            raise ApiError(401, 0, "401: Unauthorized")

    def _fault(self, method: str, path: str) -> Fault | None:
        """The scripted fault for this request, which it uses up."""
        for fault in self._faults:
            if fault.matches(method, path):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._faults.remove(fault)
                return fault
        return None

    def _nothing_here(self, call: "Call") -> object:
        raise ApiError(404, 0, "404: Not Found")

    def _application(self) -> Json:
        return {
            "id": str(BOT),
            "name": self.username,
            "icon": None,
            "description": "",
            "summary": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "owner": self._user(1),
            "team": None,
            "verify_key": "0" * 64,
            "flags": self._application_flags,
            "interactions_endpoint_url": None,
            "integration_types_config": {"0": {}, "1": {}},
        }

    @property
    def _application_flags(self) -> int:
        return 1 << 19 if self.grants_message_content else 0

    def _gateway_bot(self) -> Json:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return {"url": self.gateway_url, "shards": self.shards, "session_start_limit": limit}

    def _open_dm(self, call: "Call") -> Json:
        person = str((call.body or {}).get("recipient_id"))
        if not person.isdecimal():
            raise refusal(50035)
        if int(person) == BOT:
            raise refusal(50007)
        return self._channels[self.dm(int(person))]

    def _get_guild(self, call: "Call") -> Json:
        if call.number("guild") not in self._joined:
            raise refusal(10004)
        return self._guild_json(call.number("guild"))

    def _get_member(self, call: "Call") -> Json:
        guild, person = call.number("guild"), call.number("person")
        if guild not in self._joined:
            raise refusal(10004)
        if person not in (*self.guilds[guild]["members"], BOT):
            raise refusal(10007)
        return self._member(person, guild) | {"user": self._user(person)}

    def _get_channel(self, call: "Call") -> Json:
        return self._channels[self._open_channel(call)]

    def _open_channel(self, call: "Call", *, to_write: bool = False) -> int:
        """The number of the channel, if the bot may see it and, where it asks to, write in it."""
        number = call.number("channel")
        if number not in self._channels:
            raise refusal(10003)
        channel = self._channels[number]
        guild = channel.get("guild_id")
        if guild is not None and int(guild) not in self._joined:
            raise refusal(50001)
        code = self._forbidden.get(number)
        if code is not None and (to_write or code == 50001):
            raise refusal(code)
        if to_write and channel.get("thread_metadata", {}).get("locked"):
            raise refusal(160005)
        if to_write and channel["type"] == DM:
            (recipient,) = channel["recipients"]
            if int(recipient["id"]) in self._closed_dms:
                raise refusal(50007)
        return number

    def _get_messages(self, call: "Call") -> list[Json]:
        channel = self._open_channel(call)
        limit = int(call.query.get("limit", "50"))
        if not 1 <= limit <= 100:
            raise refusal(50035)
        shown = [
            posted
            for posted in self._posted.values()
            if posted.channel == channel and not posted.is_deleted and posted.ephemeral_to is None
        ]
        if "after" in call.query:
            chosen = [one for one in shown if int(one.id) > int(call.query["after"])][:limit]
        else:
            before = int(call.query.get("before", str(1 << 63)))
            chosen = [one for one in shown if int(one.id) < before][-limit:]
        return [self._message_json(one) for one in reversed(chosen)]

    def _existing(self, call: "Call") -> Posted:
        channel = self._open_channel(call)
        posted = self._posted.get(call.number("message"))
        gone = posted is None or posted.is_deleted or posted.ephemeral_to is not None
        if posted is None or gone or posted.channel != channel:
            raise refusal(10008)
        return posted

    def _get_message(self, call: "Call") -> Json:
        return self._message_json(self._existing(call))

    def _create_message(self, call: "Call") -> Json:
        channel = self._open_channel(call, to_write=True)
        body = call.message()
        rules.check_message(body)
        self._check_files(call)
        nonce = body.get("nonce")
        if nonce is not None and body.get("enforce_nonce"):
            earlier = self._nonces.get((channel, str(nonce)))
            if earlier and self.now() < earlier.at + rules.NONCE_SECONDS:
                return self._message_json(earlier)
        answered = self._replied_to(channel, body)
        rules.check_empty(body | {"attachments": call.files})
        if self._channels[channel].get("thread_metadata", {}).get("archived"):
            self._set_archived(channel, archived=False)
        posted = self._post(channel, BOT, body, reply_to=answered)
        posted.stored = self._store_all(channel, call)
        if nonce is not None:
            self._nonces[channel, str(nonce)] = posted
        self._tell_message("MESSAGE_CREATE", posted)
        return self._message_json(posted)

    def _replied_to(self, channel: int, body: Json) -> Posted | None:
        reference = body.get("message_reference")
        if not reference:
            return None
        answered = self._posted.get(int(reference["message_id"]))
        if answered is not None and not answered.is_deleted and answered.channel == channel:
            return answered
        if reference.get("fail_if_not_exists", True):
            form = rules.Form()
            form.wrong("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
            form.finish()
        return None

    def _edit_message(self, call: "Call") -> Json:
        posted = self._existing(call)
        if not posted.is_from_bot:
            raise refusal(50005)
        return self._edit_as_bot(posted, call)

    def _edit_as_bot(self, posted: Posted, call: "Call", body: Json | None = None) -> Json:
        change = call.message() if body is None else body
        rules.check_message(change)
        self._check_files(call)
        kept = {str(one.get("id")) for one in change.get("attachments") or []}
        keeps_all = "attachments" not in change
        stored = [one for one in posted.stored if keeps_all or str(one.id) in kept]
        result = {
            "content": change.get("content", posted.content) or "",
            "embeds": change.get("embeds", posted.embeds),
            "components": change.get("components", posted.components),
            "flags": change.get("flags", posted.flags),
            "attachments": [*stored, *call.files],
        }
        rules.check_empty(result)
        posted.stored = stored
        self._edit(posted, change, self._store_all(posted.channel, call))
        return self._message_json(posted)

    def _delete_message(self, call: "Call") -> None:
        posted = self._existing(call)
        if not posted.is_from_bot:
            raise refusal(50003 if self._channels[posted.channel]["type"] == DM else 50013)
        self._delete(posted)

    def _start_typing(self, call: "Call") -> None:
        self._open_channel(call, to_write=True)

    def _create_thread(self, call: "Call") -> Json:
        parent = self._open_channel(call, to_write=True)
        body: Json = call.body or {}
        if self._channels[parent]["type"] not in (TEXT, NEWS):
            raise refusal(50024)
        form = rules.Form()
        form.text("name", body.get("name"), 100, 1)
        form.finish()
        starter = call.match.get("message")
        if starter is not None:
            self._existing(call)
            if int(starter) in self._channels:
                raise refusal(160004)
        number = self._new_id() if starter is None else int(starter)
        kind = body.get("type", PRIVATE_THREAD) if starter is None else PUBLIC_THREAD
        thread = self._thread(number, parent, str(body["name"]), int(kind))
        self._channels[number] = thread
        self._tell("THREAD_CREATE", thread | {"newly_created": True}, rules.GUILDS_INTENT)
        return thread

    def _put_commands(self, call: "Call") -> list[Json]:
        self._own_application(call)
        given = rules.check_commands(call.body)
        guild = call.match.get("guild")
        before = self.commands if guild is None else self.guild_commands.get(int(guild), [])
        ids = {(one["type"], one["name"]): one["id"] for one in before}
        stored = []
        for command in given:
            kind = command.get("type", 1)
            defaults: Json = {
                "default_member_permissions": None,
                "dm_permission": True,
                "nsfw": False,
                "description": "",
                "options": [],
                "contexts": None,
                "integration_types": [0],
            }
            own = {
                "id": ids.get((kind, command["name"])) or str(self._new_id()),
                "application_id": str(BOT),
                "version": str(self._new_id()),
                "type": kind,
            }
            stored.append(defaults | copy.deepcopy(command) | own)
            if guild is not None:
                stored[-1]["guild_id"] = guild
        if guild is None:
            self.commands = stored
        else:
            self.guild_commands[int(guild)] = stored
        self.command_syncs += 1
        return stored

    def _get_guild_commands(self, call: "Call") -> list[Json]:
        return self.guild_commands.get(call.number("guild"), [])

    def _own_application(self, call: "Call") -> None:
        if call.number("app") != BOT:
            raise ApiError(403, 20012, "You are not authorized to perform this action")

    # Interactions ---------------------------------------------------------------------------

    def _interact(
        self,
        kind: int,
        person: int,
        channel: int,
        data: Json,
        locale: str,
        *,
        message: Posted | None = None,
        user_installed: bool = False,
    ) -> Interaction:
        place = self._channels[channel]
        id = str(self._new_id())
        token = base64.urlsafe_b64encode(f"interaction:{id}".encode()).decode().rstrip("=")
        asked = Interaction(id, token, kind, person, channel, self.now(), data, message=message)
        self.interactions[id] = asked
        payload: Json = {
            "id": id,
            "application_id": str(BOT),
            "type": kind,
            "token": token,
            "version": 1,
            "locale": locale,
            "data": data,
            "channel": place,
            "channel_id": str(channel),
            "entitlements": [],
            "app_permissions": rules.USUAL_PERMISSIONS,
            "attachment_size_limit": self.upload_limit,
        }
        owner = "0"
        if "guild_id" in place:
            guild = self.guilds[int(place["guild_id"])]
            owner = guild["id"]
            partial = {"id": guild["id"], "locale": guild["preferred_locale"], "features": []}
            member = self._member(person, int(guild["id"])) | {"user": self._user(person)}
            payload |= {
                "context": 0,
                "guild_id": guild["id"],
                "guild": partial,
                "guild_locale": guild["preferred_locale"],
                "member": member | {"permissions": rules.USUAL_PERMISSIONS},
            }
        else:
            payload |= {"context": 1, "user": self._user(person)}
        owners = {"1": str(person)} if user_installed else {"0": owner}
        payload["authorizing_integration_owners"] = owners
        if message is not None:
            payload["message"] = self._message_json(message, full=True)
        # Interactions come whatever the intents are.
        self._tell("INTERACTION_CREATE", payload)
        return asked

    def _command_data(
        self,
        person: int,
        name: str,
        options: Mapping[str, object],
        channel: int | None,
        user_installed: bool,  # noqa: FBT001 (passed on by the two callers above only)
        *,
        typing: tuple[str, str] | None = None,
    ) -> Json:
        place = self._channels[self.dm(person) if channel is None else channel]
        guild = place.get("guild_id")
        local = self.guild_commands.get(int(guild), []) if guild else []
        first, *rest = name.split()
        found = [one for one in [*local, *self.commands] if one["name"] == first]
        if not found:
            raise LookupError(f"no command {first!r}: {[one['name'] for one in self.commands]}")
        command = found[0]
        contexts = command.get("contexts")
        if contexts is not None and (0 if guild else 1) not in contexts:
            raise ValueError(f"/{name} is not offered in such a place: contexts {contexts}")
        if int(user_installed) not in (command.get("integration_types") or [0]):
            raise ValueError(f"/{name} cannot be installed this way")
        if guild and not user_installed and int(guild) not in self._joined:
            raise ValueError(f"the bot is not in guild {guild}")
        resolved: Json = {}
        level: Json = command
        path = []
        for step in rest:
            level = next((one for one in level["options"] if one["name"] == step), {})
            if level.get("type") not in (1, 2):
                raise LookupError(f"/{first} has no subcommand {step!r}")
            path.append(level)
        filled = self._fill_options(level, options, resolved, typing)
        for step_taken in reversed(path):
            kind = step_taken["type"]
            filled = [{"name": step_taken["name"], "type": kind, "options": filled}]
        data: Json = {"id": command["id"], "name": first, "type": command["type"]}
        data["options"] = filled
        if resolved:
            data["resolved"] = resolved
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        return data

    def _fill_options(
        self,
        level: Json,
        options: Mapping[str, object],
        resolved: Json,
        typing: tuple[str, str] | None,
    ) -> list[Json]:
        known = {one["name"]: one for one in level.get("options") or []}
        if any(one["type"] in (1, 2) for one in known.values()):
            raise ValueError(f"{level['name']!r} needs one of its subcommands {list(known)}")
        focused = {typing[0]: typing[1]} if typing else {}
        if unknown := (set(options) | set(focused)) - set(known):
            raise ValueError(f"/{level['name']} has no option {sorted(unknown)}: {list(known)}")
        missing = [key for key, one in known.items() if one.get("required") and key not in options]
        if missing and typing is None:
            raise ValueError(f"/{level['name']} needs {missing}")
        filled = []
        for key, option in known.items():
            if key in focused:
                if not option.get("autocomplete"):
                    raise ValueError(f"option {key!r} does not autocomplete")
                filled.append(
                    {"name": key, "type": option["type"], "value": focused[key], "focused": True}
                )
            elif key in options:
                rules.check_option(option, options[key])
                value = self._resolve(option, options[key], resolved)
                filled.append({"name": key, "type": option["type"], "value": value})
        return filled

    def _resolve(self, option: Json, value: Any, resolved: Json) -> object:
        """An option's value as it is sent; what it points to goes into `resolved`."""
        kind = option["type"]
        if kind in (6, 9):
            resolved.setdefault("users", {})[str(value)] = self._user(int(value))
            return str(value)
        if kind == 7:
            channel = self._channels[int(value)]
            resolved.setdefault("channels", {})[str(value)] = channel | {"permissions": "0"}
            return str(value)
        if kind == 11:
            name, content = value
            stored = self._store(0, name, content)
            resolved.setdefault("attachments", {})[str(stored.id)] = self._attachment(stored)
            return str(stored.id)
        return value

    def _callback(self, call: "Call") -> Json | None:
        """The first answer to an interaction: once, and within three seconds."""
        asked = self.interactions.get(call.match["id"])
        if asked is None or asked.token != call.match["token"]:
            raise refusal(10062)
        if asked.is_answered:
            raise refusal(40060)
        if self.now() > asked.at + rules.ANSWER_SECONDS:
            raise refusal(10062)
        body: Json = call.body or {}
        kind, data = body.get("type"), dict(body.get("data") or {})
        if kind not in _CALLBACKS.get(asked.kind, ()):
            form = rules.Form()
            text = f"Value must be one of {set(_CALLBACKS.get(asked.kind, ()))}."
            form.wrong("type", "BASE_TYPE_CHOICES", text)
            form.finish()
        if kind in (7, 6) and asked.message is None:
            raise refusal(50035)
        self._respond(asked, kind, data, call)
        asked.responses.append({"type": kind, "data": data})
        if call.query.get("with_response") not in {"1", "true", "True"}:
            return None
        return self._callback_json(asked, kind)

    def _respond(self, asked: Interaction, kind: object, data: Json, call: "Call") -> None:
        flags = int(data.get("flags") or 0)
        if kind == 4:
            rules.check_message(data)
            self._check_files(call)
            rules.check_empty(data | {"attachments": call.files})
            asked.original = self._post_answer(asked, data, call)
        elif kind == 5:
            thinking = {"flags": flags & rules.EPHEMERAL | rules.LOADING}
            asked.original = self._post_answer(asked, thinking, call)
        elif kind == 6:
            asked.original = asked.message
        elif kind == 7 and asked.message is not None:
            asked.original = asked.message
            self._edit_as_bot(asked.message, call, data)
        elif kind == 8:
            rules.check_choices(list(data.get("choices") or []))
        elif kind == 9:
            rules.check_modal(data)

    def _callback_json(self, asked: Interaction, kind: object) -> Json:
        about: Json = {"id": asked.id, "type": asked.kind}
        resource: Json = {"type": kind}
        if asked.original is not None:
            about |= {
                "response_message_id": asked.original.id,
                "response_message_loading": asked.original.is_thinking,
                "response_message_ephemeral": asked.original.ephemeral_to is not None,
            }
        if asked.original is not None and kind in (4, 5, 7):
            resource["message"] = self._message_json(asked.original, full=True)
        return {"interaction": about, "resource": resource}

    def _post_answer(self, asked: Interaction, body: Json, call: "Call") -> Posted:
        """Put an answer to an interaction in its channel, for everybody or for one person."""
        ephemeral = bool(int(body.get("flags") or 0) & rules.EPHEMERAL)
        posted = self._post(asked.channel, BOT, body)
        posted.interaction_id = asked.id
        posted.ephemeral_to = asked.person if ephemeral else None
        if ephemeral:
            posted.pinged = []
        posted.stored = self._store_all(asked.channel, call)
        if not ephemeral:
            self._tell_message("MESSAGE_CREATE", posted)
        return posted

    def _webhook(self, call: "Call") -> Interaction:
        """The interaction whose token this is, as long as it lives."""
        found = [one for one in self.interactions.values() if one.token == call.match["token"]]
        if not found or call.number("app") != BOT or not found[0].is_answered:
            raise refusal(10015)
        if self.now() > found[0].at + rules.TOKEN_SECONDS:
            raise refusal(50027)
        return found[0]

    def _follow_up(self, call: "Call") -> Json:
        asked = self._webhook(call)
        body = call.message()
        rules.check_message(body)
        self._check_files(call)
        rules.check_empty(body | {"attachments": call.files})
        # The first one after a deferred answer takes its place, and its being ephemeral or not.
        if asked.original is not None and asked.original.is_thinking:
            return self._edit_as_bot(asked.original, call)
        posted = self._post_answer(asked, body, call)
        asked.followups.append(posted)
        return self._message_json(posted, full=True)

    def _answered(self, call: "Call") -> tuple[Interaction, Posted]:
        asked = self._webhook(call)
        name = call.match["message"]
        if name == "@original":
            posted = asked.original
        else:
            mine = [asked.original, *asked.followups]
            posted = next((one for one in mine if one is not None and one.id == name), None)
        if posted is None or posted.is_deleted:
            raise refusal(10008)
        return asked, posted

    def _get_followup(self, call: "Call") -> Json:
        return self._message_json(self._answered(call)[1], full=True)

    def _edit_followup(self, call: "Call") -> Json:
        return self._edit_as_bot(self._answered(call)[1], call)

    def _delete_followup(self, call: "Call") -> None:
        self._delete(self._answered(call)[1])

    # Messages -------------------------------------------------------------------------------

    def _new_id(self) -> int:
        """A snowflake of this server's time, larger than all before."""
        milliseconds = int((self.now() - DISCORD_EPOCH) * 1000)
        self._last_id = max(self._last_id + 1, milliseconds << 22)
        return self._last_id

    def _post(
        self, channel: int, author: int, body: Json, *, reply_to: Posted | None = None
    ) -> Posted:
        place = self._channels[channel]
        # Discord takes the white space around a message away.
        content = str(body.get("content") or "").strip()
        allowed = body.get("allowed_mentions")
        nonce = body.get("nonce")
        posted = Posted(
            id=str(self._new_id()),
            channel=channel,
            author=author,
            at=self.now(),
            content=content,
            embeds=copy.deepcopy(body.get("embeds") or []),
            components=_numbered(body.get("components") or []),
            flags=int(body.get("flags") or 0),
            nonce=None if nonce is None else str(nonce),
            reply_to=None if reply_to is None else reply_to.id,
            mentions=rules.mentioned(content),
            allowed_mentions=copy.deepcopy(allowed),
        )
        posted.pinged = rules.pings(
            content,
            allowed,
            replied_to=None if reply_to is None else reply_to.author,
            in_guild="guild_id" in place,
        )
        if reply_to is not None and reply_to.author in posted.pinged:
            posted.mentions = list(dict.fromkeys([*posted.mentions, reply_to.author]))
        self._posted[int(posted.id)] = posted
        place["last_message_id"] = posted.id
        return posted

    def _edit(self, posted: Posted, change: Json, added: list[StoredFile]) -> None:
        if "content" in change:
            posted.content = str(change["content"] or "").strip()
            posted.mentions = rules.mentioned(posted.content)
        if "embeds" in change:
            posted.embeds = copy.deepcopy(change["embeds"] or [])
        if "components" in change:
            posted.components = _numbered(change["components"] or [])
        kept = posted.flags & rules.EPHEMERAL
        if change.get("flags") is not None:
            posted.flags = int(change["flags"]) & ~rules.EPHEMERAL | kept
        posted.flags &= ~rules.LOADING
        posted.stored = [*posted.stored, *added]
        posted.edits.append(posted.content)
        posted.edited_at = self.now()
        if posted.ephemeral_to is None:
            self._tell_message("MESSAGE_UPDATE", posted)

    def _delete(self, posted: Posted) -> None:
        posted.is_deleted = True
        gone = {"id": posted.id, "channel_id": str(posted.channel)}
        guild = self._channels[posted.channel].get("guild_id")
        if guild is not None:
            gone["guild_id"] = guild
        if posted.ephemeral_to is None:
            self._tell("MESSAGE_DELETE", gone, self._intent(posted.channel))

    def _own(self, person: int, message_id: int | str) -> Posted:
        posted = self._posted[int(message_id)]
        if posted.author != person or posted.is_deleted:
            raise LookupError(f"message {message_id} is not one of {person}'s")
        return posted

    def _store(
        self, channel: int, name: str, content: bytes, claimed_size: int | None = None
    ) -> StoredFile:
        size = len(content) if claimed_size is None else claimed_size
        stored = StoredFile(self._new_id(), channel, name, content, size)
        self._files[stored.id] = stored
        return stored

    def _store_all(self, channel: int, call: "Call") -> list[StoredFile]:
        return [self._store(channel, name, content) for name, content in call.files]

    def _check_files(self, call: "Call") -> None:
        if len(call.files) > 10:
            raise refusal(50035)
        if any(len(content) > self.upload_limit for _, content in call.files):
            raise refusal(40005)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        record = Request("GET", request.path, dict(request.query), None, self.now())
        self.requests.append(record)
        fault = self._fault("GET", request.path)
        await self._pause(self.latency + (fault.hang if fault else 0.0))
        self._touch()
        if fault is not None and fault.cut:
            return cut(request)
        stored = self._files.get(int(request.match_info["file"]))
        expires = int(request.query.get("ex", "0"), 16)
        record.status = fault.error.status if fault and fault.error else 200
        record.status = fault.html if fault and fault.html else record.status
        if stored is None or expires < self.now():
            record.status = 404
        if record.status != 200 or stored is None:
            text = "This content is no longer available."
            return web.Response(text=text, status=record.status)
        kind = mimetypes.guess_type(stored.name)[0] or "application/octet-stream"
        return web.Response(body=stored.content, content_type=kind)

    # JSON shapes ----------------------------------------------------------------------------

    def _user(self, person: int) -> Json:
        name = self._names.get(person, f"Learner {person}")
        return {
            "id": str(person),
            "username": self.username if person == BOT else f"learner{person}",
            "global_name": None if person == BOT else name,
            "discriminator": "0",
            "avatar": None,
            "bot": person == BOT,
            "public_flags": 0,
        }

    def _member(self, person: int, guild: int) -> Json:
        roles = self.guilds[guild]["appointed"].get(person, {})
        return {
            "nick": None,
            "avatar": None,
            "roles": [str(role) for role in roles],
            "joined_at": _when(DISCORD_EPOCH),
            "deaf": False,
            "mute": False,
            "flags": 0,
            "pending": False,
        }

    def _guild_channel(self, channel: int, guild: int, name: str) -> Json:
        return {
            "id": str(channel),
            "type": TEXT,
            "guild_id": str(guild),
            "name": name,
            "position": 0,
            "permission_overwrites": [],
            "topic": None,
            "nsfw": False,
            "flags": 0,
            "parent_id": None,
            "rate_limit_per_user": 0,
            "last_message_id": None,
        }

    def _thread(self, number: int, parent: int, name: str, kind: int) -> Json:
        now = _when(self.now())
        return {
            "id": str(number),
            "type": kind,
            "guild_id": self._channels[parent]["guild_id"],
            "parent_id": str(parent),
            "owner_id": str(BOT),
            "name": name,
            "last_message_id": None,
            "message_count": 0,
            "member_count": 1,
            "total_message_sent": 0,
            "rate_limit_per_user": 0,
            "flags": 0,
            "thread_metadata": {
                "archived": False,
                "auto_archive_duration": 1440,
                "archive_timestamp": now,
                "create_timestamp": now,
                "locked": False,
            },
            "member": {
                "id": str(number),
                "user_id": str(BOT),
                "join_timestamp": now,
                "flags": 1,
            },
        }

    def _guild_json(self, id: int) -> Json:
        guild = self.guilds[id]
        everyone = _role(id, "@everyone", rules.USUAL_PERMISSIONS)
        roles = {role: name for held in guild["appointed"].values() for role, name in held.items()}
        inside = [one for one in self._channels.values() if one.get("guild_id") == str(id)]
        members = [*guild["members"], BOT]
        return {
            "id": guild["id"],
            "name": guild["name"],
            "icon": None,
            "owner_id": guild["owner_id"],
            "preferred_locale": guild["preferred_locale"],
            "features": [],
            "roles": [
                everyone,
                *(_role(role, name, str(rules.PERMISSIONS[name])) for role, name in roles.items()),
            ],
            "emojis": [],
            "stickers": [],
            "channels": [one for one in inside if one["type"] not in THREADS],
            "threads": [
                one
                for one in inside
                if one["type"] in THREADS and not one["thread_metadata"]["archived"]
            ],
            "members": [self._member(one, id) | {"user": self._user(one)} for one in members],
            "member_count": len(members),
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            "large": False,
            "unavailable": False,
            "joined_at": _when(DISCORD_EPOCH),
            "afk_channel_id": None,
            "afk_timeout": 300,
            "system_channel_id": None,
            "system_channel_flags": 0,
            "rules_channel_id": None,
            "public_updates_channel_id": None,
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "premium_progress_bar_enabled": False,
        }

    def _attachment(self, stored: StoredFile) -> Json:
        expires = int(self.now()) + FILE_SECONDS
        path = f"/attachments/{stored.channel}/{stored.id}/{quote(stored.name)}"
        url = f"{self.root}{path}?ex={expires:x}&is={expires - FILE_SECONDS:x}&hm=0"
        kind = mimetypes.guess_type(stored.name)[0]
        about: Json = {
            "id": str(stored.id),
            "filename": stored.name,
            "size": stored.claimed_size,
            "url": url,
            "proxy_url": url,
        }
        return about | ({"content_type": kind} if kind else {})

    def _message_json(self, posted: Posted, *, full: bool = False) -> Json:
        """A message as REST gives it; `full` also where the bot may not read other people's."""
        message: Json = {
            "id": posted.id,
            "type": 0 if posted.reply_to is None else 19,
            "channel_id": str(posted.channel),
            "author": self._user(posted.author),
            "content": posted.content,
            "timestamp": _when(posted.at),
            "edited_timestamp": None if posted.edited_at is None else _when(posted.edited_at),
            "tts": False,
            "mention_everyone": "everyone" in posted.pinged or "here" in posted.pinged,
            "mentions": [self._user(person) for person in posted.mentions],
            "mention_roles": [],
            "attachments": [self._attachment(stored) for stored in posted.stored],
            "embeds": posted.embeds,
            "components": posted.components,
            "pinned": False,
            "flags": posted.flags,
        }
        if posted.nonce is not None:
            message["nonce"] = posted.nonce
        if posted.interaction_id is not None:
            asked = self.interactions[posted.interaction_id]
            message |= {
                "application_id": str(BOT),
                "webhook_id": str(BOT),
                "interaction_metadata": {
                    "id": asked.id,
                    "type": asked.kind,
                    "user": self._user(asked.person),
                    "authorizing_integration_owners": {},
                },
            }
        if posted.reply_to is not None:
            message["message_reference"] = {
                "type": 0,
                "message_id": posted.reply_to,
                "channel_id": str(posted.channel),
            }
            answered = self._posted[int(posted.reply_to)]
            # Discord shows one level of replies.
            alone = dataclasses.replace(answered, reply_to=None)
            message["referenced_message"] = (
                None if answered.is_deleted else self._message_json(alone, full=full)
            )
        if not full and not self.grants_message_content and self._is_private_to_people(posted):
            message |= copy.deepcopy(rules.BLANK_GUILD_MESSAGE)
        return message

    def _is_private_to_people(self, posted: Posted) -> bool:
        """Whether the message_content intent is needed to read it."""
        if posted.is_from_bot or "guild_id" not in self._channels[posted.channel]:
            return False
        return BOT not in posted.mentions

    # Gateway --------------------------------------------------------------------------------

    def _intent(self, channel: int) -> int:
        in_guild = "guild_id" in self._channels[channel]
        return rules.GUILD_MESSAGES_INTENT if in_guild else rules.DIRECT_MESSAGES_INTENT

    def _tell_message(self, event: str, posted: Posted) -> None:
        """Tell of a message; what the intents do not cover comes empty or not at all."""
        channel = self._channels[posted.channel]
        extra: Json = {"channel_type": channel["type"]}
        if "guild_id" in channel:
            if int(channel["guild_id"]) not in self._joined:
                return
            extra["guild_id"] = channel["guild_id"]
            extra["member"] = self._member(posted.author, int(channel["guild_id"]))
        for session in self._sessions.values():
            if not session.hears(channel.get("guild_id")):
                continue
            if not session.intents & self._intent(posted.channel):
                continue
            message = self._message_json(posted, full=True) | extra
            if not session.intents & rules.MESSAGE_CONTENT_INTENT:
                answered = message.get("referenced_message")
                if self._is_private_to_people(posted):
                    message |= copy.deepcopy(rules.BLANK_GUILD_MESSAGE)
                if answered and self._is_private_to_people(self._posted[int(answered["id"])]):
                    answered |= copy.deepcopy(rules.BLANK_GUILD_MESSAGE)
            session.tell(event, message)
        self._touch()

    def _tell(self, event: str, payload: Json, intent: int | None = None) -> None:
        guild = payload["id"] if event.startswith("GUILD_") else payload.get("guild_id")
        for session in self._sessions.values():
            if session.hears(guild) and (intent is None or session.intents & intent):
                session.tell(event, copy.deepcopy(payload))
        self._touch()

    def _abort_lines(self) -> None:
        for line in list(self._lines):
            line.abort()

    async def _gateway(self, request: web.Request) -> web.StreamResponse:
        fault = self._fault("GET", "/gw")
        await self._pause(fault.hang if fault else 0.0)
        if fault is not None and fault.cut:
            return cut(request)
        if self._gateway_away or (fault is not None and (fault.html or fault.error)):
            return web.Response(status=503)
        # No compression: the client takes text frames as they are, whatever its query asks for.
        socket = web.WebSocketResponse(compress=False, max_msg_size=0, timeout=0.2)
        await socket.prepare(request)
        line = Line(socket, request)
        self._lines.add(line)
        interval = int(self.heartbeat_seconds * 1000)
        line.outgoing.put_nowait({"op": 10, "d": {"heartbeat_interval": interval}})
        writer = asyncio.create_task(self._write(line))
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._hear(line, frame.data)
        finally:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
            self._lines.discard(line)
            self._hang_up(line)
        return socket

    def _hang_up(self, line: Line) -> None:
        """A session outlives its line unless the client said good-bye with 1000 or 1001."""
        for session in list(self._sessions.values()):
            if session.line is line:
                session.line = None
                if line.socket.close_code in (WSCloseCode.OK, WSCloseCode.GOING_AWAY):
                    del self._sessions[session.id]
        self._touch()

    async def _write(self, line: Line) -> None:
        while True:
            payload = await line.outgoing.get()
            try:
                if isinstance(payload, int):
                    await line.socket.close(code=payload)
                    return
                await line.socket.send_str(json.dumps(payload))
            except ConnectionError:
                return

    def _hear(self, line: Line, text: str) -> None:
        try:
            frame = json.loads(text)
            op, given = frame["op"], frame.get("d")
        except (ValueError, KeyError, TypeError):
            line.outgoing.put_nowait(4002)
            return
        known = any(session.line is line for session in self._sessions.values())
        if op == 1:
            if self.acks_heartbeats:
                line.outgoing.put_nowait({"op": 11, "d": None})
        elif op == 2:
            line.outgoing.put_nowait(4005) if known else self._identify(line, given)
        elif op == 6:
            line.outgoing.put_nowait(4005) if known else self._resume(line, given)
        elif not known:
            line.outgoing.put_nowait(4003)
        elif op == 8:
            self._send_members(line, given)
        elif op not in (3, 4):
            line.outgoing.put_nowait(4001)
        self._touch()

    def _identify(self, line: Line, given: Json) -> None:
        self.identifies.append(given)
        intents = given.get("intents")
        shard, shards = given.get("shard") or (0, 1)
        now = self.now()
        if given.get("token") != self.token:
            line.outgoing.put_nowait(4004)
        elif not isinstance(intents, int) or intents >= 1 << 26:
            line.outgoing.put_nowait(4013)
        elif intents & rules.MESSAGE_CONTENT_INTENT and not self.grants_message_content:
            line.outgoing.put_nowait(4014)
        elif not 0 <= shard < shards:
            line.outgoing.put_nowait(4010)
        elif shards < self.shards:
            line.outgoing.put_nowait(4011)
        elif self.paces_identifies and now < self._identified_at + rules.SECONDS_TO_IDENTIFY:
            line.outgoing.put_nowait({"op": 9, "d": False, "s": None, "t": None})
        else:
            self._identified_at = now
            session = Session(f"{self._new_id():x}", intents, given, shard, shards, line)
            self._sessions[session.id] = session
            session.tell("READY", self._ready(session))
            for guild in sorted(self._joined):
                if session.hears(guild) and intents & rules.GUILDS_INTENT:
                    session.tell("GUILD_CREATE", self._guild_json(guild))

    def _ready(self, session: Session) -> Json:
        return {
            "v": 10,
            "user": self._user(BOT) | {"verified": True, "mfa_enabled": True, "flags": 0},
            "guilds": [
                {"id": str(guild), "unavailable": True}
                for guild in sorted(self._joined)
                if session.hears(guild)
            ],
            "shard": [session.shard, session.shards],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.gateway_url,
            "private_channels": [],
            "application": {"id": str(BOT), "flags": self._application_flags},
        }

    def _resume(self, line: Line, given: Json) -> None:
        self.resumes.append(given)
        session = self._sessions.get(str(given.get("session_id")))
        seen = given.get("seq")
        if given.get("token") != self.token:
            line.outgoing.put_nowait(4004)
        elif session is None or not isinstance(seen, int):
            line.outgoing.put_nowait({"op": 9, "d": False, "s": None, "t": None})
        elif seen > len(session.events):
            line.outgoing.put_nowait(4007)
        else:
            session.line = line
            for missed in session.events[seen:]:
                line.outgoing.put_nowait(missed)
            session.tell("RESUMED", {"_trace": []})

    def _send_members(self, line: Line, given: Json) -> None:
        guild = int(given["guild_id"])
        members = [*self.guilds[guild]["members"], BOT]
        chunk = {
            "guild_id": str(guild),
            "members": [self._member(one, guild) | {"user": self._user(one)} for one in members],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [],
            "nonce": given.get("nonce"),
        }
        for session in self._sessions.values():
            if session.line is line:
                session.tell("GUILD_MEMBERS_CHUNK", chunk)

    # Controls -------------------------------------------------------------------------------

    @override
    def _controls(self) -> Mapping[str, Callable[..., object]]:
        return {
            "advance": self.advance,
            "allow": self.allow,
            "appoint": self.appoint,
            "archive": self.archive,
            "ask_to_reconnect": self.ask_to_reconnect,
            "autocomplete": self.autocomplete,
            "close_dms": self.close_dms,
            "come_back": self.come_back,
            "command": self.command,
            "commands": lambda: self.commands,
            "connected": lambda: self.connected,
            "delete": self.delete,
            "dm": self.dm,
            "dismiss": self.dismiss,
            "drop_line": self.drop_line,
            "edit": self.edit,
            "enforce_rates": self.enforce_rates,
            "fail": self.fail,
            "forbid": self.forbid,
            "forget_sessions": self.forget_sessions,
            "go_away": self.go_away,
            "guild": lambda channels=(), **rest: self.guild(
                channels={int(id): name for id, name in channels.items()}
                if isinstance(channels, dict)
                else channels,
                **rest,
            ),
            "heal": self.heal,
            "interaction": lambda id: _shown_interaction(self.interactions[id]),
            "invalidate_sessions": self.invalidate_sessions,
            "kick": self.kick,
            "meet": self.meet,
            "messages": lambda **at: [shown(one) for one in self.messages(**at)],
            "open_dms": self.open_dms,
            "open_thread": self.open_thread,
            "press": self.press,
            "remove_channel": self.remove_channel,
            "requests": lambda: [dataclasses.asdict(one) for one in self.requests],
            "say": lambda attachments=(), **rest: self.say(
                attachments=[(name, base64.b64decode(content)) for name, content in attachments],
                **rest,
            ),
            "sent": lambda **at: [shown(one) for one in self.sent(**at)],
            "set": self._set,
            "submit_modal": self.submit_modal,
            "threads": self.threads,
            "wait_for": self._wait_for_text,
            "whispers": lambda **of: [shown(one) for one in self.whispers(**of)],
        }

    def _set(
        self,
        *,
        latency: float | None = None,
        grants_message_content: bool | None = None,
        acks_heartbeats: bool | None = None,
        heartbeat_seconds: float | None = None,
        shards: int | None = None,
        paces_identifies: bool | None = None,
    ) -> None:
        if latency is not None:
            self.latency = latency
        if grants_message_content is not None:
            self.grants_message_content = grants_message_content
        if acks_heartbeats is not None:
            self.acks_heartbeats = acks_heartbeats
        if heartbeat_seconds is not None:
            self.heartbeat_seconds = heartbeat_seconds
        if shards is not None:
            self.shards = shards
        if paces_identifies is not None:
            self.paces_identifies = paces_identifies

    async def _wait_for_text(
        self, where: int | None = None, contains: str = "", count: int = 1, within: float = 5.0
    ) -> list[Json]:
        """Wait for so many messages of the bot that hold a text, in the place of a predicate."""

        def matching() -> list[Posted]:
            found = [one for one in self.sent(where) if contains in one.content]
            return found if len(found) >= count else []

        return [shown(one) for one in await self.wait_for(matching, within)]


# Which callbacks an interaction of each kind takes.
_CALLBACKS: Mapping[int, tuple[int, ...]] = {
    2: (4, 5, 9),
    3: (4, 5, 6, 7, 9),
    4: (8,),
    5: (4, 5, 6, 7),
}


@dataclass(slots=True)
class Call:
    """What a request asks for, with files taken out of its form."""

    method: str
    path: str
    match: dict[str, str]
    query: dict[str, str]
    authorization: str
    body: Any
    files: list[tuple[str, bytes]]

    @classmethod
    async def read(cls, request: web.Request) -> "Call":
        body: Any = None
        files: list[tuple[str, bytes]] = []
        if request.content_type.startswith("multipart/"):
            async for part in await request.multipart():
                if not isinstance(part, BodyPartReader):
                    continue
                content = bytes(await part.read(decode=True))
                if part.name == "payload_json":
                    body = json.loads(content)
                else:
                    files.append((part.filename or part.name or "unknown", content))
        elif request.can_read_body:
            try:
                body = await request.json()
            except ValueError:
                body = None
        return cls(
            request.method,
            request.path.removeprefix(API),
            dict(request.match_info),
            dict(request.query),
            request.headers.get("Authorization", ""),
            body,
            files,
        )

    def number(self, name: str) -> int:
        text = self.match[name]
        if not text.isdecimal():
            form = rules.Form()
            text = f'Value "{text}" is not snowflake.'
            form.wrong(name, "NUMBER_TYPE_COERCE", text)
            form.finish()
        return int(text)

    def message(self) -> Json:
        if not isinstance(self.body, dict):
            raise refusal(50109)
        return self.body


def shown(posted: Posted) -> Json:
    """A message as another process reads it; files are base64."""
    plain = dataclasses.asdict(dataclasses.replace(posted, stored=[]))
    files = {name: base64.b64encode(content).decode() for name, content in posted.files.items()}
    derived = {"files": files, "buttons": posted.buttons, "is_from_bot": posted.is_from_bot}
    return plain | derived


def _shown_interaction(asked: Interaction) -> Json:
    return {
        "id": asked.id,
        "kind": asked.kind,
        "person": asked.person,
        "channel": asked.channel,
        "data": asked.data,
        "responses": asked.responses,
        "followups": [shown(one) for one in asked.followups],
        "original": None if asked.original is None else shown(asked.original),
    }


def _json(result: object, status: int, headers: Mapping[str, str]) -> web.Response:
    # As bytes: with `text` aiohttp would add a charset, and discord.py would not see JSON in it.
    return web.Response(
        body=json.dumps(result).encode(),
        status=status,
        headers=headers,
        content_type="application/json",
    )


def _bucket(call: Call) -> str | None:
    """The bucket of a request that is counted on its own: new messages, per channel."""
    is_new_message = call.method == "POST" and call.path.endswith("/messages")
    return f"{call.match['channel']}" if is_new_message and "channel" in call.match else None


def _when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _role(id: int, name: str, permissions: str) -> Json:
    return {
        "id": str(id),
        "name": name,
        "permissions": permissions,
        "position": 0,
        "color": 0,
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def _numbered(components: list[Json]) -> list[Json]:
    """Components as Discord gives them back: each with a number that is unique in its message."""
    copied = copy.deepcopy(components)
    for number, component in enumerate(rules.each_component(copied), 1):
        component.setdefault("id", number)
    return copied


def _chosen(select: Json, values: Sequence[str]) -> list[str]:
    """The values behind what was chosen in a select, by value or label."""
    options = {one["label"]: one["value"] for one in select.get("options") or []}
    chosen = [options.get(value, value) for value in values]
    if unknown := set(chosen) - set(options.values()) if options else set():
        raise ValueError(f"the select has no {sorted(unknown)}: {options}")
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if not least <= len(chosen) <= most:
        raise ValueError(f"the select takes {least} to {most} values, not {chosen}")
    return chosen


def _filled(component: Json, values: Mapping[str, object]) -> Json:
    """A modal's component as it is submitted."""
    if component["type"] == rules.ROW:
        inner = [_filled(one, values) for one in component["components"]]
        return {"type": rules.ROW, "id": 1, "components": inner}
    if component["type"] == rules.LABEL:
        return {"type": rules.LABEL, "id": 1, "component": _filled(component["component"], values)}
    if "custom_id" not in component:
        return {"type": component["type"], "id": 1}
    name = component["custom_id"]
    default = component.get("value", "")
    value = values.get(name, default)
    if component["type"] == 4 and component.get("required", True) and not value:
        raise ValueError(f"the modal's {name!r} is required")
    several = component["type"] in {*rules.SELECTS, 19, 22}
    answer = {"values": list(value)} if several and isinstance(value, list) else {"value": value}
    return {"type": component["type"], "id": 1, "custom_id": name} | answer


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN)
    chosen = parser.parse_args()

    async def run() -> None:
        await serve(FakeDiscord(token=chosen.token, port=chosen.port))

    asyncio.run(run())


if __name__ == "__main__":
    main()
