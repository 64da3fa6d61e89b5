"""Discord: a gateway that is caught up with after a gap, and sending that repeats nothing."""

import asyncio
import io
import logging
import re
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final, Self, TypedDict
from urllib.parse import urlsplit

import aiohttp
import discord
import httpx
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.http import Route
from typing_extensions import Unpack, override

from bot.files import bytes_of
from bot.message import Button, Message
from bot.pictures.palette import Theme
from bot.pictures.render import PICTURE
from bot.platforms.configured import Needs
from bot.platforms.discord_commands import ASK, add_commands, fingerprint
from bot.platforms.discord_errors import (
    GONE,
    REFUSED,
    TOO_LATE,
    asked_to_wait,
    in_short,
    meaning_of,
)
from bot.platforms.discord_missed import Missed, shard_of
from bot.platforms.discord_text import (
    MOST_IN_A_ROW,
    Heard,
    HeardFile,
    card_of,
    frame_of,
    label_of,
    message_of,
    parts_of,
    place_of,
    plain_of,
    read_heard,
    receipt_of,
    room_of,
    rows_of,
    thing_of,
    title_of,
    without_mention,
)
from bot.platforms.pacing import Growing, Pauses, Sleep
from bot.platforms.port import (
    Budget,
    Draft,
    Event,
    FatalError,
    GoneError,
    Mailbox,
    NotFetchedError,
    NotSentError,
    RejectedError,
    SentFile,
    UnknownOutcomeError,
    press_token,
)
from bot.platforms.receipts import Receipts
from bot.platforms.token_lock import TokenLock
from bot.settings import Settings
from bot.suggestions import Suggest
from bot.texts import texts_in
from learning.errors import MentorError
from store.errors import StorageBrokenError, StorageFullError
from store.inbox import Arrival

log = logging.getLogger("mentor.discord")

PUBLIC_API: Final = "https://discord.com/api/v10"
PUBLIC_GATEWAY: Final = "wss://gateway.discord.gg/"
FILE_HOSTS: Final = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
# A form of ours is known by this; its title and the name of its field are short.
FORM: Final = "form"
MOST_IN_A_FORMS_LABEL: Final = 45
LONGEST_IN_A_FORM: Final = 1000
# An interaction can be answered for 15 minutes.
REPLY_SECONDS: Final = 14 * 60.0
# Whoever pressed what all can see is answered there for as long as the press is on their mind.
PUBLIC_REPLY_SECONDS: Final = 60.0
TAKEN_AT_MOST: Final = 2000
SECONDS_TO_LOG_IN: Final = 20.0
SECONDS_TO_DEFER: Final = 5.0
SECONDS_TO_SAY_WHO: Final = 10.0
SECONDS_TO_SHOW: Final = 5.0
LONGEST_WAIT_INSIDE: Final = 30.0  # seconds the library may wait by itself; longer is told to us
# A silent line is given up after the first, and tried anew at the latest after the second.
SECONDS_TO_CONNECT: Final = 20.0
LONGEST_PAUSE: Final = 30.0
# Discord refuses a session that arrives within 5 of the one before; lines differ in length.
SECONDS_TO_IDENTIFY: Final = 5.5
# A line that lasted so long is taken up again at once.
STEADY: Final = 10.0
# A session that was taken up so often without a word of it is no more.
SILENT_LINES: Final = 3
MISSED_AT_MOST: Final = 1000  # messages of one conversation in one gap
# What makes a growing answer and the finished one the same message.
SAME_BEGINNING: Final = 8
# Unknown member and unknown user: somebody is nobody there.
NOBODY_THERE: Final = frozenset({10007, 10013})
HAS_A_THREAD: Final = 160004


# It warns of voice, which nobody wants here.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


class Press(discord.ui.DynamicItem["discord.ui.Button[Any]"], template=r"m:(?P<token>\d+\.\d+)"):
    """One button; all that it means is in its id, so it works after a restart as well."""

    def __init__(self, label: str, token: str) -> None:
        super().__init__(discord.ui.Button(label=label, custom_id=f"m:{token}"))
        self._token = token

    @classmethod
    @override
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: Any, match: Any
    ) -> Self:
        return cls(item.label or "…", match["token"])

    @override
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.client.owner.take(interaction, self._token)


class FormButton(discord.ui.DynamicItem["discord.ui.Button[Any]"], template=r"f:\d+"):
    """Opens a form for one line of words; handing it in is saying them."""

    def __init__(self, label: str, seq: int) -> None:
        style = discord.ButtonStyle.primary
        super().__init__(discord.ui.Button(label=label, custom_id=f"f:{seq}", style=style))

    @classmethod
    @override
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: Any, match: Any
    ) -> Self:
        return cls(item.label or "…", int(match[0][2:]))

    @override
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        label = (self.item.label or "…")[:MOST_IN_A_FORMS_LABEL]
        form = discord.ui.Modal(title=label, custom_id=FORM)
        form.add_item(
            discord.ui.TextInput(
                label=label,
                custom_id="words",
                style=discord.TextStyle.paragraph,
                max_length=LONGEST_IN_A_FORM,
            )
        )
        try:
            await interaction.response.send_modal(form)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.info("A form was not opened: %s", in_short(error))


class _Options(TypedDict):
    intents: discord.Intents
    proxy: str | None
    shard_id: int
    shard_count: int


class _Client(discord.Client):
    """The library's client, with everything it hears handed to its owner."""

    def __init__(
        self,
        owner: "Discord",
        missed: Missed,
        **options: Unpack[_Options],
    ) -> None:
        super().__init__(
            **options,
            max_messages=None,
            chunk_guilds_at_startup=False,
            # Servers are nothing that beginning has to wait for.
            guild_ready_timeout=0.2,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_ratelimit_timeout=LONGEST_WAIT_INSIDE,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.owner = owner
        self.missed = missed
        self.tree: app_commands.CommandTree[_Client] = app_commands.CommandTree(self)

    @override
    async def setup_hook(self) -> None:
        self.add_dynamic_items(Press, FormButton)

    async def on_message(self, message: discord.Message) -> None:
        self.missed.has_heard(message.id)
        await self.owner.hear(self, message)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        # Forms are read here, and not by an object that a restart would take with it.
        if interaction.type is discord.InteractionType.modal_submit:
            await self.owner.take(interaction, _words_in(interaction.data))

    async def on_guild_available(self, guild: discord.Guild) -> None:
        self.missed.look_into(guild)
        if self.is_ready():
            await self.missed.ask_for_all(self)

    async def on_ready(self) -> None:
        await self.owner.make_known(self)
        await self.missed.ask_for_all(self)

    @override
    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Nothing: a new session has waited for its turn before its line was opened."""

    @override
    async def connect(self, *, reconnect: bool = True) -> None:
        """Listen until closed; a line that is lost is taken up again within a minute.

        The library would wait up to a quarter of an hour between tries after a long outage, never
        ask another gateway than the one it knew, and not at all between lines that end at once.

        Raises:
            ConnectionClosed: when Discord hangs up with a word that trying again does not change.
        """
        loop = asyncio.get_running_loop()
        pauses = self.owner.pauses(LONGEST_PAUSE)
        before: DiscordWebSocket | None = None
        while not self.is_closed():
            try:
                line = await self._line(before, pauses.count)
            except (ReconnectWebSocket, aiohttp.ClientError, OSError, TimeoutError) as error:
                if not pauses.count:
                    log.warning("Discord's gateway cannot be reached: %s", type(error).__name__)
                await pauses.pause()
                continue
            if pauses.count:
                log.info("Discord's gateway is reached again")
            known, was_resumed, began_at = line.sequence, before is not None, loop.time()
            can_resume = await self._listen(line)
            is_alive = line.sequence not in {None, known} or pauses.count < SILENT_LINES
            before = line if can_resume and is_alive else None
            if loop.time() - began_at > STEADY:
                pauses.reset()
            elif before is not None or not was_resumed:
                # To begin anew is no second try of the same.
                await pauses.pause()

    async def _line(self, before: DiscordWebSocket | None, tries: int) -> DiscordWebSocket:
        """A line to the gateway, with the session of the one before or with a new one."""
        if before is None:
            await self.missed.expect_a_gap()
            async with self.owner.turn_to_identify():
                return await self._connected()
        # The gateway of the session may be no more; any other can tell.
        gateway = before.gateway if tries % 2 == 0 else None
        return await self._connected(
            resume=True, session=before.session_id, sequence=before.sequence, gateway=gateway
        )

    async def _connected(self, **session: Any) -> DiscordWebSocket:
        async with asyncio.timeout(SECONDS_TO_CONNECT):
            self.ws = await DiscordWebSocket.from_client(self, shard_id=self.shard_id, **session)
        return self.ws

    async def _listen(self, line: DiscordWebSocket) -> bool:
        """Listen until the line is lost, and say whether its session can be taken up again."""
        try:
            while True:
                await line.poll_event()
        except ReconnectWebSocket as lost:
            return lost.resume and line.session_id is not None
        except (aiohttp.ClientError, OSError):
            return line.session_id is not None


@dataclass(slots=True)
class _Reply:
    """An interaction that can be answered: in its place, or where only its person sees it.

    `awaits` is true until the first answer has taken the place of "thinking"; `is_elsewhere` where
    there are no direct messages around it. `is_public` means a press below what all can see.
    """

    interaction: discord.Interaction[Any]
    at: float
    awaits: bool
    is_elsewhere: bool
    is_public: bool
    deferred: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def until(self) -> float:
        """The time up to which an answer goes there."""
        return self.at + (PUBLIC_REPLY_SECONDS if self.is_public else REPLY_SECONDS)


@dataclass(slots=True)
class _Grown:
    """A growing answer as it stands in a conversation."""

    growing: Growing
    message: discord.PartialMessage | discord.Message | None = None
    shown: str = ""


@dataclass(frozen=True, slots=True)
class _Spot:
    """A channel or thread to send to, the message to answer there, and where else it may go."""

    guild: int
    channel: int
    answers: int | None = None
    otherwise: "_Spot | None" = None


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one message of Discord's holds."""

    text: str
    rows: Sequence[Sequence[tuple[Button, int]]] = ()
    file: "_File | None" = None
    form: str = ""
    card: str = ""


@dataclass(frozen=True, slots=True)
class _File:
    """A file with its words for those who cannot see it."""

    name: str
    content: bytes
    said: str | None = None


class Discord:
    """One bot. `sleep` and `random` are arguments so that tests need not wait.

    `menus` has a list of commands and descriptions by language, `field` the description of what
    can be typed behind them. `suggest` offers words while they are typed. `is_alone` is false where
    other processes have the token too and only one of them is let in.

    Raises:
        FatalError: when the proxy cannot be right.
    """

    def __init__(
        self,
        token: str,
        *,
        menus: Mapping[str, Sequence[tuple[str, str]]],
        field: Mapping[str, str],
        suggest: Suggest,
        data_dir: Path,
        random: Random,
        api_url: str | None = None,
        gateway_url: str | None = None,
        proxy: str | None = None,
        is_alone: bool = True,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        # The library knows one Discord for the whole process.
        Route.BASE = (api_url or PUBLIC_API).rstrip("/")
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url or PUBLIC_GATEWAY)
        self._token = token
        self._menus = menus
        self._field = field
        self._suggest = suggest
        self._proxy = proxy
        self._random = random
        self._sleep = sleep
        self._file_hosts = FILE_HOSTS | ({urlsplit(api_url).hostname or ""} if api_url else set())
        self._lock = (
            TokenLock(data_dir, "discord", token, "DISCORD_BOT_TOKEN") if is_alone else None
        )
        self._known_commands = data_dir / "discord-commands"
        self._reads_all = True
        # One for each shard; a server is heard and spoken to by its own.
        self._clients: list[_Client] = []
        self._missed: dict[tuple[int, int], Missed] = {}
        self._is_logged_in = asyncio.Event()
        self._identifying = asyncio.Lock()
        self._identified_at = -SECONDS_TO_IDENTIFY
        self._mailbox: Mailbox | None = None
        self._replies: dict[int, deque[_Reply]] = {}
        self._taken: dict[str, _Reply] = {}
        self._growing: dict[int, _Grown] = {}
        self._receipts = Receipts()

    @property
    def name(self) -> str:
        return "discord"

    @property
    def theme(self) -> Theme:
        return "dark"

    @property
    def budget(self) -> Budget:
        return Budget(40, 1 / 45)

    def budget_of(self, address: str) -> Budget:  # noqa: ARG002 -- the same for every channel
        return Budget(5, 1.0)

    @property
    def is_exclusive(self) -> bool:
        return True

    @property
    def is_bound(self) -> bool:
        # An interaction is answered with what it brought, and that is kept nowhere.
        return True

    # Opening and closing -------------------------------------------------------------------------

    async def open(self) -> None:
        """Make sure that nobody else has this token here; `take_in` connects."""
        if self._lock is not None:
            self._lock.take()

    async def open_to_send(self) -> None:
        """Nothing is sent but where it is taken in."""

    async def _log_in(self) -> None:
        """Have a client for each shard that Discord asks for, however long it takes.

        Raises:
            FatalError: when Discord refuses the token.
        """
        pauses = self.pauses(LONGEST_PAUSE)
        while True:
            try:
                await self._add_clients()
            except discord.LoginFailure:
                await self._close_clients()
                raise FatalError(REFUSED) from None
            except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
                await self._close_clients()
                log.warning("Discord cannot be reached yet: %s", in_short(error))
                await pauses.pause(at_least=asked_to_wait(error))
            else:
                self._is_logged_in.set()
                log.info("Discord knows us as %s", self._clients[0].user)
                return

    async def _add_clients(self) -> None:
        await self._add_client(0, 1)
        shards, _, _ = await self._clients[0].http.get_bot_gateway()
        if shards == 1:
            return
        log.info("Discord asks for %d shards", shards)
        await self._close_clients()
        for shard in range(shards):
            await self._add_client(shard, shards)

    async def _add_client(self, shard: int, shards: int) -> None:
        if (shard, shards) not in self._missed:
            self._missed[shard, shards] = Missed(
                shard, shards, self._newest, self._ask_since, lambda: self.pauses(LONGEST_PAUSE)
            )
        client = _Client(
            self,
            self._missed[shard, shards],
            intents=self._intents(),
            proxy=self._proxy,
            shard_id=shard,
            shard_count=shards,
        )
        self._clients.append(client)
        await client.login(self._token)
        await add_commands(client.tree, self._menus, self._field, self.take, self._suggest)

    async def _close_clients(self) -> None:
        self._is_logged_in.clear()
        while self._clients:
            await self._clients.pop().close()

    @asynccontextmanager
    async def turn_to_identify(self) -> AsyncIterator[None]:
        """Wait until a new session may begin, one after the other."""
        loop = asyncio.get_running_loop()
        async with self._identifying:
            await self._sleep(max(0.0, self._identified_at + SECONDS_TO_IDENTIFY - loop.time()))
            yield
            self._identified_at = loop.time()

    def _intents(self) -> discord.Intents:
        intents = discord.Intents.none()
        intents.guilds = intents.dm_messages = intents.guild_messages = True
        intents.message_content = self._reads_all
        return intents

    async def who_am_i(self) -> tuple[str, bool]:
        """Ask Discord for our name, and whether we may read what does not address us.

        Raises:
            FatalError: when Discord refuses the token.
            NotSentError: when it cannot be reached.
        """
        client = discord.Client(intents=self._intents(), proxy=self._proxy)
        try:
            await client.login(self._token)
            flags = client.application_flags
            reads_all = flags.gateway_message_content or flags.gateway_message_content_limited
            return str(client.user), reads_all
        except discord.LoginFailure:
            raise FatalError(REFUSED) from None
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
            raise NotSentError(
                f"Discord: expected an answer, found: {in_short(error)}. "
                "Check the network, DISCORD_API_URL and DISCORD_PROXY."
            ) from None
        finally:
            await client.close()

    async def close(self) -> None:
        for one in self._growing.values():
            await one.growing.end()
        await self._close_clients()
        if self._lock is not None:
            self._lock.release()

    # Taking in -----------------------------------------------------------------------------------

    async def take_in(self, mailbox: Mailbox) -> None:
        """Listen until cancelled; a lost line is taken up again where it was.

        Raises:
            FatalError: when the token is refused.
        """
        self._mailbox = mailbox
        pauses = self.pauses(LONGEST_PAUSE)
        while True:
            await self._log_in()
            try:
                await self._listen()
            except discord.ConnectionClosed as error:
                if error.code == 4004:
                    raise FatalError(REFUSED) from None
                if error.code == 4014 and self._reads_all:
                    log.warning(
                        "Discord does not let us read messages in servers that do not address us; "
                        "commands, mentions and direct messages work. To change it, turn on "
                        "Message Content Intent on the Bot page of the application."
                    )
                    self._reads_all = False
                    continue
                log.warning("Discord hung up with %s", error.code)
                await pauses.pause()
            finally:
                await self._close_clients()

    async def _listen(self) -> None:
        """Listen on every shard, until Discord hangs up on one of them.

        Raises:
            ConnectionClosed: the first one.
        """
        lines = [asyncio.create_task(client.connect()) for client in self._clients]
        try:
            await asyncio.gather(*lines)
        finally:
            for line in lines:
                line.cancel()
            await asyncio.wait(lines)

    def pauses(self, most: float) -> Pauses:
        return Pauses(1, most, self._random, self._sleep)

    async def _newest(self) -> dict[str, int]:
        if self._mailbox is None:
            return {}
        pauses = self.pauses(10)
        while True:
            try:
                return {one: int(id) for one, id in (await self._mailbox.newest(self.name)).items()}
            except (StorageFullError, StorageBrokenError) as error:
                log.warning("Discord waits for storage: %s", error)
                await pauses.pause()

    async def _ask_since(self, client: discord.Client, lane: str, newest: int) -> None:
        place = await _place(client, *place_of(lane))
        since = discord.Object(newest)
        async for message in place.history(limit=MISSED_AT_MOST, after=since, oldest_first=True):
            await self.hear(client, message)

    async def make_known(self, client: _Client) -> None:
        """Register the commands, if they are others than last time; the first shard does."""
        if client.shard_id != 0:
            return
        mark = f"{client.application_id} {await fingerprint(client.tree)}"
        try:
            known = self._known_commands.read_text("utf-8")
        except OSError:
            known = ""
        if known == mark:
            return
        try:
            await client.tree.sync()
            self._known_commands.write_text(mark, "utf-8")
        except (
            app_commands.AppCommandError,
            discord.DiscordException,
            aiohttp.ClientError,
            OSError,
        ) as error:
            log.warning("The commands were not registered: %s", in_short(error))

    async def hear(self, client: discord.Client, message: discord.Message) -> None:
        """Keep what somebody said to us; what is not addressed to us is kept nowhere."""
        if client.is_closed() or client.user is None:
            return
        if message.author.bot or message.webhook_id:
            return
        if message.type not in {discord.MessageType.default, discord.MessageType.reply}:
            return
        heard = _heard(message, client.user.id)
        if not heard.is_addressed:
            return
        if heard.channel is None:
            self._is_here(heard.person)
        await self._accept(str(message.id), heard)

    def _is_here(self, person: int) -> None:
        """Whoever writes directly is answered there, and no longer where they were before."""
        replies = self._replies.get(person)
        if replies is not None:
            waiting = [one for one in replies if one.awaits]
            replies.clear()
            replies.extend(waiting)

    async def take(self, interaction: discord.Interaction[Any], text: str) -> None:
        """Keep a pressed button or a command, then tell its person's client that it was taken."""
        heard = _done(interaction, text)
        is_press = heard.did == "pressed"
        is_elsewhere = interaction.guild_id is not None or interaction.context.private_channel
        below = interaction.message
        is_public = is_press and is_elsewhere and below is not None and not below.flags.ephemeral
        now = asyncio.get_running_loop().time()
        reply = _Reply(interaction, now, not is_press, is_elsewhere, is_public)
        # Whoever answers waits until Discord knows that there will be an answer.
        self._replies.setdefault(interaction.user.id, deque(maxlen=20)).append(reply)
        self._remember(reply)
        try:
            await self._accept(str(interaction.id), heard)
            await interaction.response.defer(ephemeral=is_elsewhere, thinking=not is_press)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.info("An interaction was taken too late: %s", in_short(error))
            self._drop(reply)
        finally:
            reply.deferred.set()

    def _remember(self, reply: _Reply) -> None:
        """Keep an interaction by its id, for as long as it can be answered."""
        oldest = asyncio.get_running_loop().time() - REPLY_SECONDS
        while self._taken:
            first = next(iter(self._taken))
            if len(self._taken) < TAKEN_AT_MOST and self._taken[first].at > oldest:
                break
            del self._taken[first]
        self._taken[str(reply.interaction.id)] = reply

    async def _accept(self, event: str, heard: Heard) -> None:
        """Put it on disk. Discord offers nothing twice, so what finds no room waits here."""
        if self._mailbox is None:
            return
        arrival = Arrival(self.name, event, heard.address, heard.model_dump_json())
        pauses = self.pauses(10)
        while True:
            try:
                await self._mailbox.accept([arrival])
            except (StorageFullError, StorageBrokenError) as error:
                if not pauses.count:
                    log.warning("What was said waits until there is room for it: %s", error)
                await pauses.pause()
            else:
                return

    def read(self, raw: str) -> Event:
        return read_heard(raw)

    # Showing -------------------------------------------------------------------------------------

    async def acknowledge(self, event: Event, words: str = "") -> None:
        """Show words to whoever pressed.

        That it was noticed is told where it is taken: Discord waits three seconds, and other words
        may take longer.
        """
        text = plain_of(words)
        if not text:
            return
        reply = self._taken.pop(event.press, None)
        if reply is None:
            log.debug("A press is answered that nobody remembers")
            return
        if reply.is_public:
            # It has its answer, and what is said to its person later is not about it.
            self._drop(reply)
        await _soon(reply)
        try:
            async with asyncio.timeout(SECONDS_TO_SHOW):
                if reply.awaits:
                    reply.awaits = False
                    await reply.interaction.edit_original_response(content=text)
                else:
                    await reply.interaction.followup.send(text, ephemeral=True)
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
            log.debug("A press was not answered: %s", in_short(error))

    async def is_administrator(self, address: str, person: str) -> bool:
        guild, channel = place_of(address)
        if channel is None or not re.fullmatch(r"[0-9]{1,20}", person):
            return False
        try:
            async with (
                asyncio.timeout(SECONDS_TO_SAY_WHO),
                self._client_at_work(address) as client,
            ):
                return await _administrates(client, guild, int(person))
        except (MentorError, TimeoutError) as error:
            raise NotSentError(str(error) or type(error).__name__) from error

    async def show_busy(self, address: str) -> None:
        person, channel = place_of(address)
        if channel is None and self._reply_of(person) is not None:
            # "Thinking" stands there already.
            return
        try:
            async with asyncio.timeout(SECONDS_TO_SHOW), self._client_at_work(address) as client:
                place = await _place(client, person, channel)
                await client.http.send_typing(place.id)
        except (MentorError, TimeoutError) as error:
            log.debug("Discord did not show it: %s", error)

    async def fetch(self, file: SentFile, most: int) -> bytes:
        if file.size is not None and file.size > most:
            raise NotFetchedError
        if urlsplit(file.id).hostname not in self._file_hosts:
            raise NotFetchedError
        content = b""
        try:
            async with (
                httpx.AsyncClient(proxy=self._proxy, timeout=20) as client,
                client.stream("GET", file.id) as response,
            ):
                response.raise_for_status()
                async for some in response.aiter_bytes():
                    content += some
                    if len(content) > most:
                        raise NotFetchedError
        except httpx.HTTPError as error:
            log.warning("a file could not be fetched: %s", type(error).__name__)
            raise NotFetchedError from error
        return content

    def draft(self, address: str) -> Draft | None:
        """An answer that grows by edits, in direct messages and where only its person sees it."""
        person, channel = place_of(address)
        if channel is not None:
            return None

        async def show(words: str) -> bool:
            text = frame_of(words)
            if not text or text == grown.shown:
                return False
            async with self._client_at_work(address) as client:
                await self._show(client, person, grown, text)
            grown.shown = text
            return True

        grown = _Grown(Growing(show, self._sleep))
        self._growing[person] = grown
        return grown.growing

    async def _show(self, client: _Client, person: int, grown: _Grown, text: str) -> None:
        reply = self._reply_of(person)
        if grown.message is not None:
            await grown.message.edit(content=text)
        elif reply is not None and reply.awaits:
            await _soon(reply)
            await reply.interaction.edit_original_response(content=text)
        elif reply is None or not reply.is_elsewhere:
            place = await _place(client, person, None)
            grown.message = await place.send(text, suppress_embeds=True)

    # Sending -------------------------------------------------------------------------------------

    async def send(self, address: str, message: Message, seq: int) -> str:
        """Send what of this delivery has not been sent by this process."""
        person, channel = place_of(address)
        pieces = await asyncio.to_thread(_pieces, message)
        receipts = self._receipts.of(seq, message)
        budget = self.budget_of(address)
        for number in range(len(receipts), len(pieces)):
            if number >= budget.burst:
                await self._sleep(budget.interval)
            async with self._client_at_work(address) as client:
                if channel is None:
                    sent = await self._send_alone(client, person, pieces[number], seq, number)
                else:
                    spot = await self._spot(client, person, channel, message, receipts)
                    sent = await self._send_in(client, spot, pieces[number], seq, number)
            receipts.append(receipt_of(sent.channel.id, sent.id))
            if number == len(pieces) - 1 and message.thread and not message.under and channel:
                await self._begin_thread(address, sent, message.thread)
        return receipts[-1]

    async def _send_alone(
        self, client: _Client, person: int, piece: _Piece, seq: int, number: int
    ) -> discord.Message:
        """Send to a person, where they are met alone."""
        dress = _dress(piece, seq)
        sent = await self._in_reply(person, piece, dress) or await self._in_place_of_growing(
            person, piece, dress
        )
        if sent is not None:
            return sent
        place = await _place(client, person, None)
        return await place.send(piece.text or None, **_numbered(piece, dress, seq, number))

    async def _send_in(
        self, client: _Client, spot: _Spot, piece: _Piece, seq: int, number: int
    ) -> discord.Message:
        """Send to a channel of a server, or to a thread of it, or to the channel around it."""
        place = client.get_partial_messageable(spot.channel, guild_id=spot.guild)
        dress = _numbered(piece, _dress(piece, seq), seq, number)
        if spot.answers is not None:
            dress["reference"] = discord.MessageReference(
                message_id=spot.answers,
                channel_id=spot.channel,
                guild_id=spot.guild,
                fail_if_not_exists=False,
            )
        try:
            return await place.send(piece.text or None, **dress)
        except discord.HTTPException as error:
            if spot.otherwise is None or error.code not in GONE:
                raise
            # A thread that is deleted or closed to us says nothing about the channel around it.
            log.info("A thread takes nothing: %s", in_short(error))
        return await self._send_in(client, spot.otherwise, piece, seq, number)

    async def _spot(
        self,
        client: _Client,
        guild: int,
        channel: int,
        message: Message,
        receipts: Sequence[str],
    ) -> _Spot:
        """Where a message to a channel goes: below the one it belongs to, as far as there is one.

        Its later parts follow the first one.
        """
        here = _Spot(guild, channel)
        begun = message_of(receipts[-1]) if receipts else None
        if begun is not None:
            return _Spot(guild, begun[0], otherwise=here if begun[0] != channel else None)
        under = message_of(message.under)
        # A thread has the number of the message that it was opened from.
        if under is None or under[1] == channel:
            return here
        around, number = under
        if around == channel:
            below = _Spot(guild, channel, answers=number)
            if not message.thread and _thread(client, guild, number) is None:
                return below
            if await self._has_thread(client, guild, channel, number, message.thread):
                return _Spot(guild, number, otherwise=below)
            return below
        thread = _thread(client, guild, around)
        if thread is None or thread.parent_id != channel:
            return here
        return _Spot(guild, around, answers=number, otherwise=here)

    async def _has_thread(
        self, client: _Client, guild: int, channel: int, message: int, title: str
    ) -> bool:
        """Open a thread below a message, unless there is one; False where there are none.

        Raises:
            RetryLaterError, NotSentError, FatalError
        """
        if _thread(client, guild, message) is not None:
            return True
        if _thread(client, guild, channel) is not None:
            return False
        try:
            await client.http.start_thread_with_message(
                channel, message, name=title_of(title), auto_archive_duration=1440
            )
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            if isinstance(error, discord.HTTPException) and error.code == HAS_A_THREAD:
                return True
            meaning = meaning_of(error)
            if isinstance(meaning, (GoneError, RejectedError)):
                log.info("No thread can be opened there: %s", in_short(error))
                return False
            if isinstance(meaning, UnknownOutcomeError):
                # Whether there is a thread or not, the message has not been sent.
                meaning = NotSentError(in_short(error))
            raise meaning from error
        return True

    async def _begin_thread(self, address: str, sent: discord.Message, title: str) -> None:
        """Open a thread below what was sent; what was sent stands without one as well."""
        guild, _ = place_of(address)
        try:
            async with asyncio.timeout(SECONDS_TO_SHOW), self._client_at_work(address) as client:
                await self._has_thread(client, guild, sent.channel.id, sent.id, title)
        except (MentorError, TimeoutError) as error:
            log.info("A thread was not opened: %s", error)

    async def _in_reply(
        self, person: int, piece: _Piece, dress: Mapping[str, Any]
    ) -> discord.Message | None:
        """Answer a command or a press where it was made; None when direct messages must do."""
        reply = self._reply_of(person)
        if reply is None:
            return None
        await _soon(reply)
        try:
            if reply.awaits:
                files = [] if piece.file is None else [_file(piece.file)]
                sent = await reply.interaction.edit_original_response(
                    content=piece.text or None, attachments=files, **dress
                )
                reply.awaits = False
                return sent
            if reply.is_elsewhere:
                return await reply.interaction.followup.send(
                    piece.text, ephemeral=True, wait=True, **_with_file(piece, dress)
                )
        except discord.HTTPException as error:
            if error.code not in TOO_LATE:
                raise
            self._drop(reply)
        return None

    async def _in_place_of_growing(
        self, person: int, piece: _Piece, dress: Mapping[str, Any]
    ) -> discord.Message | None:
        """Let the finished answer take the place of the growing one, if it begins as that does."""
        grown = self._growing.get(person)
        if grown is None or not grown.growing.is_over:
            return None
        del self._growing[person]
        if grown.message is None:
            return None
        words = piece.card or piece.text
        is_same = words[:SAME_BEGINNING] == grown.shown[:SAME_BEGINNING]
        if is_same and piece.file is None:
            return await grown.message.edit(content=piece.text or None, **dress)
        await grown.message.delete()
        return None

    def _reply_of(self, person: int) -> _Reply | None:
        """The interaction to answer next: the oldest that waits, else the last one elsewhere."""
        replies = self._replies.get(person)
        if not replies:
            return None
        now = asyncio.get_running_loop().time()
        while replies and (
            replies[0].until < now
            or not (replies[0].awaits or (replies[0].is_elsewhere and len(replies) == 1))
        ):
            replies.popleft()
        if not replies:
            del self._replies[person]
            return None
        return replies[0]

    def _drop(self, reply: _Reply) -> None:
        replies = self._replies.get(reply.interaction.user.id)
        if replies is not None and reply in replies:
            replies.remove(reply)

    @asynccontextmanager
    async def _client_at_work(self, address: str) -> AsyncIterator[_Client]:
        """The client of an address, logged in; what goes wrong with it has the port's names."""
        try:
            async with asyncio.timeout(SECONDS_TO_LOG_IN):
                await self._is_logged_in.wait()
        except TimeoutError:
            raise NotSentError("Discord is not connected yet") from None
        try:
            yield self._clients[shard_of(address, len(self._clients))]
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            raise meaning_of(error) from error


def configured(settings: Settings, needs: Needs) -> Discord:
    """The bot of the token that is set."""
    token = settings.discord_token
    menus = {
        tag: [
            *needs.menus[tag],
            *needs.group_menus[tag],
            (ASK, texts_in(tag).label("discord.ask")),
        ]
        for tag in ("en", "zh")
    }
    return Discord(
        token.reveal() if token is not None else "",
        menus=menus,
        field={tag: texts_in(tag).label("discord.words") for tag in ("en", "zh")},
        suggest=needs.suggest("discord"),
        data_dir=settings.data_dir,
        random=needs.random,
        is_alone=settings.database_url is None,
        api_url=settings.discord_api_url,
        gateway_url=settings.discord_gateway_url,
        proxy=settings.discord_proxy,
    )


# What is heard -----------------------------------------------------------------------------------


def _heard(message: discord.Message, bot_id: int) -> Heard:
    """What somebody said, as it is kept."""
    guild = _guild_of(message)
    is_private = guild is None
    reference = message.reference
    replied = reference.resolved if reference else None
    if not isinstance(replied, discord.Message):
        replied = None
    is_ours = replied is not None and replied.author.id == bot_id
    names_us = any(one.id == bot_id for one in message.mentions)
    forwarded = message.message_snapshots[0] if message.message_snapshots else None
    text = forwarded.content if forwarded is not None else message.content
    files = forwarded.attachments if forwarded is not None else message.attachments
    has_else = bool(files or message.stickers or message.poll)
    thing = thing_of(files[0].content_type) if files else "sticker" if message.stickers else "other"
    return Heard(
        did="sent_something_else" if has_else else "said",
        person=message.author.id,
        guild=guild,
        channel=None if is_private else message.channel.id,
        text=text if is_private else without_mention(text, bot_id),
        thing=thing if has_else else "",
        is_addressed=is_private or names_us or is_ours,
        is_forwarded=forwarded is not None,
        file=_file_of(files) if thing == "document" else None,
        replied=replied.content if replied is not None else "",
        replied_file=_file_of(replied.attachments) if replied is not None else None,
        parent="" if guild is None else _around(message.guild, message.channel),
        name=message.author.display_name,
        message=receipt_of(message.channel.id, message.id),
        replied_to=_answered_by(message),
    )


def _done(interaction: discord.Interaction[Any], text: str) -> Heard:
    """What somebody pressed, commanded or wrote into a form, as it is kept.

    A server that we are not in is no group: somebody has brought us along for themselves.
    """
    is_press = interaction.type is discord.InteractionType.component
    guild, channel, below = interaction.client.get_guild(interaction.guild_id or 0), "", ""
    if guild is not None and interaction.channel is not None:
        channel = room_of(guild.id, interaction.channel.id)
    if interaction.message is not None:
        below = receipt_of(interaction.message.channel.id, interaction.message.id)
    return Heard(
        did="pressed" if is_press else "said",
        person=interaction.user.id,
        text=text,
        language=str(interaction.locale),
        group=channel,
        parent=_around(guild, interaction.channel) if channel else "",
        name=interaction.user.display_name,
        press=str(interaction.id),
        message=below if is_press else "",
        replied_to="" if is_press else below,
    )


def _guild_of(message: discord.Message) -> int | None:
    """The server of a message, also of one that is not known."""
    if message.guild is not None:
        return message.guild.id
    channel = message.channel
    return channel.guild_id if isinstance(channel, discord.PartialMessageable) else None


def _around(guild: discord.Guild | None, channel: object) -> str:
    """The address of the channel around a thread; "" for what is none, or is not known as one."""
    if isinstance(channel, discord.PartialMessageable) and guild is not None:
        channel = guild.get_thread(channel.id)
    if not isinstance(channel, discord.Thread):
        return ""
    return room_of(channel.guild.id, channel.parent_id)


def _thread(client: discord.Client, guild: int, id: int) -> discord.Thread | None:
    """A thread that is open and that we know of."""
    known = client.get_guild(guild)
    return None if known is None else known.get_thread(id)


def _answered_by(message: discord.Message) -> str:
    reference = message.reference
    is_reply = message.type is discord.MessageType.reply
    if not is_reply or reference is None or reference.message_id is None:
        return ""
    return receipt_of(reference.channel_id, reference.message_id)


async def _place(
    client: discord.Client, person: int, channel: int | None
) -> discord.DMChannel | discord.PartialMessageable:
    if channel is not None:
        return client.get_partial_messageable(channel, guild_id=person)
    return await client.create_dm(discord.Object(person))


async def _administrates(client: discord.Client, guild: int, person: int) -> bool:
    """Whether somebody may change a server, as it is now."""
    found = await client.fetch_guild(guild, with_counts=False)
    try:
        member = await found.fetch_member(person)
    except discord.NotFound as error:
        if error.code not in NOBODY_THERE:
            raise
        return False
    allowed = member.guild_permissions
    return allowed.administrator or allowed.manage_guild


def _words_in(data: object) -> str:
    """What was written into a form, wherever in its layout the field is."""
    found: list[str] = []
    left: list[object] = [data]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            if isinstance(one.get("value"), str):
                found.append(one["value"])
            left += [one.get("components"), one.get("component")]
        elif isinstance(one, list):
            left += one
    return "\n".join(found)


def _file_of(files: Sequence[discord.Attachment]) -> HeardFile | None:
    if not files:
        return None
    return HeardFile(url=files[0].url, name=files[0].filename, size=files[0].size)


# What is sent ------------------------------------------------------------------------------------


def _pieces(message: Message) -> list[_Piece]:
    """A message as the messages Discord takes: the buttons, or the file, below the last words.

    What is too long for one message, and not for an embed, is one embed.
    """
    card = card_of(message.markup) or ""
    parts = [""] if card else parts_of(message.markup)
    rows = rows_of(message)
    file = message.attachment
    content = None if file is None else _File(file.name, bytes_of(file))
    if message.picture is not None and message.picture.png:
        content = _File(PICTURE, message.picture.png, message.picture.said)
    pieces = [_Piece(part) for part in parts[:-1]]
    has_room = len(rows) < 2 and len(rows[0] if rows else ()) < MOST_IN_A_ROW
    form = message.form if has_room else ""
    pieces.append(_Piece(parts[-1], rows[0] if rows else (), content, form, card))
    return pieces + [_Piece("…", more) for more in rows[1:]]


def _dress(piece: _Piece, seq: int) -> dict[str, Any]:
    """What stands around the words: an embed in their place, and buttons."""
    card = {"embed": discord.Embed(description=piece.card)} if piece.card else {}
    if not piece.rows and not piece.form:
        return card
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(piece.rows):
        for button, place in row:
            key = Press(label_of(button), press_token(seq, place))
            key.row = number
            view.add_item(key)
    if piece.form:
        opening = FormButton(piece.form, seq)
        opening.row = len(piece.rows)
        view.add_item(opening)
    return {"view": view, **card}


def _numbered(piece: _Piece, dress: Mapping[str, Any], seq: int, number: int) -> dict[str, Any]:
    """How a message of its own is sent.

    Discord gives the earlier message when a number comes again, so nothing is said twice.
    """
    is_ours = bool(piece.card)
    return {
        "nonce": f"{seq}.{number}",
        "suppress_embeds": not is_ours,
        **_with_file(piece, dress),
    }


def _with_file(piece: _Piece, dress: Mapping[str, Any]) -> dict[str, Any]:
    return {**dress} if piece.file is None else {**dress, "file": _file(piece.file)}


def _file(file: _File) -> discord.File:
    return discord.File(io.BytesIO(file.content), filename=file.name, description=file.said)


async def _soon(reply: _Reply) -> None:
    try:
        async with asyncio.timeout(SECONDS_TO_DEFER):
            await reply.deferred.wait()
    except TimeoutError:
        log.info("An interaction is answered before Discord knows that it was taken")
