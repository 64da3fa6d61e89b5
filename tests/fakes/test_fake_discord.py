"""The fake Discord, as discord.py sees it."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from typing_extensions import override

from tests.fakes.discord import FakeDiscord

Pressed = discord.Interaction[discord.Client]


class Bot(discord.Client):
    """The real client; it keeps what it is told."""

    def __init__(
        self, *, reads_guilds: bool = True, shard: int | None = None, shards: int | None = None
    ) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.messages = True
        intents.message_content = reads_guilds
        super().__init__(
            intents=intents, guild_ready_timeout=0.0, shard_id=shard, shard_count=shards
        )
        self.heard: list[discord.Message] = []
        self.asked: list[Pressed] = []
        self.resumed = 0
        self.tree = app_commands.CommandTree(self)
        self.task: asyncio.Task[None] | None = None

    async def on_message(self, message: discord.Message) -> None:
        self.heard.append(message)

    async def on_interaction(self, interaction: Pressed) -> None:
        self.asked.append(interaction)

    @override
    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """discord.py would sleep for five seconds before a second IDENTIFY."""

    async def on_resumed(self) -> None:
        self.resumed += 1

    async def up(self, server: FakeDiscord) -> None:
        # A client that the gateway does not like tries again for ever.
        async with asyncio.timeout(10):
            await self.login(server.token)
            self.task = asyncio.create_task(self.connect())
            await self.wait_until_ready()

    async def down(self) -> None:
        await self.close()
        if self.task is not None:
            await asyncio.gather(self.task, return_exceptions=True)


class ShardedBot(Bot, discord.AutoShardedClient):
    """The library's own client for several shards; each hook above is asked for each of them."""


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        monkeypatch.setattr(Route, "BASE", server.api_url)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))
        yield server


@pytest.fixture
async def bot(server: FakeDiscord) -> AsyncIterator[Bot]:
    bot = Bot()
    try:
        await bot.up(server)
        yield bot
    finally:
        await bot.down()


async def dm(bot: Bot, person: int = 7) -> discord.DMChannel:
    return await (await bot.fetch_user(person)).create_dm()


async def asked(server: FakeDiscord, bot: Bot) -> Pressed:
    """The interaction that the bot was told of last."""
    await server.wait_for(lambda: len(bot.asked) == len(server.interactions))
    return bot.asked[-1]


def one_button(custom_id: str = "1.0") -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    button: discord.ui.Button[discord.ui.View] = discord.ui.Button(label="A", custom_id=custom_id)
    view.add_item(button)
    return view


# Messages -----------------------------------------------------------------------------------


async def test_a_direct_message_comes_in_and_an_answer_goes_out(
    server: FakeDiscord, bot: Bot
) -> None:
    said = server.say(7, "你好")
    await server.wait_for(lambda: bot.heard)
    await bot.heard[0].channel.send("hello")

    assert (str(bot.heard[0].id), bot.heard[0].content) == (said, "你好")
    assert bot.heard[0].guild is None
    assert [one.content for one in server.messages(7)] == ["你好", "hello"]


async def test_a_wrong_token_is_refused(server: FakeDiscord) -> None:
    bot = Bot()
    with pytest.raises(discord.LoginFailure):
        await bot.login("wrong")
    await bot.close()

    assert [one.status for one in server.requests] == [401]


async def test_the_same_nonce_does_not_make_a_second_message(server: FakeDiscord, bot: Bot) -> None:
    channel = await dm(bot)
    first = await channel.send("once", nonce="5.0")
    second = await channel.send("once", nonce="5.0")

    assert first.id == second.id
    assert [one.nonce for one in server.sent(7)] == ["5.0"]


async def test_an_old_nonce_is_forgotten(server: FakeDiscord, bot: Bot) -> None:
    channel = await dm(bot)
    await channel.send("once", nonce="5.0")
    server.advance(3600)
    await channel.send("once", nonce="5.0")

    assert len(server.sent(7)) == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        pytest.param({"content": "x" * 2001}, "2000 or fewer", id="long content"),
        pytest.param({"content": "x", "nonce": "9" * 26}, "25 or fewer", id="long nonce"),
        pytest.param({"content": " \n"}, "empty message", id="blank"),
        pytest.param({"content": ""}, "empty message", id="empty"),
    ],
)
async def test_what_discord_refuses_is_refused(
    server: FakeDiscord, bot: Bot, fields: dict[str, str], words: str
) -> None:
    with pytest.raises(discord.HTTPException, match=words):
        await (await dm(bot)).send(**fields)  # type: ignore[call-overload]  # the table's fields

    assert not server.sent(7)


async def test_embeds_have_a_limit_in_all(bot: Bot) -> None:
    embeds = [discord.Embed(description="x" * 3001) for _ in range(2)]
    with pytest.raises(discord.HTTPException, match="6000"):
        await (await dm(bot)).send(embeds=embeds)


async def test_a_custom_id_is_unique_in_its_message(bot: Bot) -> None:
    view = one_button("same")
    select: discord.ui.Select[discord.ui.View] = discord.ui.Select(custom_id="same")
    select.add_option(label="a")
    view.add_item(select)
    with pytest.raises(discord.HTTPException, match="duplicated"):
        await (await dm(bot)).send("x", view=view)


async def test_whoever_closed_his_messages_is_not_reached(server: FakeDiscord, bot: Bot) -> None:
    server.close_dms(7)
    with pytest.raises(discord.Forbidden) as caught:
        await (await dm(bot)).send("hello")

    assert caught.value.code == 50007


async def test_an_unknown_channel_is_told_from_a_forbidden_one(
    server: FakeDiscord, bot: Bot
) -> None:
    server.guild(1, members=[7], channels=[11])
    server.forbid(11)
    codes = []
    for number in (11, 12):
        with pytest.raises(discord.HTTPException) as caught:
            await bot.get_partial_messageable(number).send("x")
        codes.append(caught.value.code)

    assert codes == [50013, 10003]


async def test_mentions_ping_only_whom_they_are_allowed_to(server: FakeDiscord, bot: Bot) -> None:
    server.guild(1, members=[7], channels=[11])
    channel = bot.get_partial_messageable(11)
    await channel.send("@everyone <@7> `<@8>`", allowed_mentions=discord.AllowedMentions.none())
    await channel.send("@everyone <@7> `<@8>`")

    assert [one.pinged for one in server.sent(11)] == [[], ["everyone", 7]]


async def test_files_go_both_ways(server: FakeDiscord, bot: Bot) -> None:
    server.say(7, "mine", attachments=[("答案.py", b"print(1)")])
    await server.wait_for(lambda: bot.heard)
    read = await bot.heard[0].attachments[0].read()
    content = discord.File(__file__, filename="notes.md")
    await bot.heard[0].channel.send("yours", file=content)

    assert read == b"print(1)"
    assert list(server.sent(7)[0].files) == ["notes.md"]


async def test_history_is_read_after_a_message(server: FakeDiscord, bot: Bot) -> None:
    ids = [server.say(7, f"{number}") for number in range(5)]
    channel = await dm(bot)
    after = discord.Object(int(ids[1]))
    read = [one.content async for one in channel.history(after=after, limit=2)]

    assert read == ["2", "3"]


async def test_an_edit_and_a_deletion_are_seen(server: FakeDiscord, bot: Bot) -> None:
    first = await (await dm(bot)).send("a")
    await first.edit(content="b")
    edited = [(one.content, one.edits) for one in server.sent(7)]
    await first.delete()

    assert edited == [("b", ["b"])]
    assert server.sent(7) == []


async def test_a_thread_takes_messages(server: FakeDiscord, bot: Bot) -> None:
    server.guild(1, members=[7], channels=[11])
    said = server.say(7, "talk", channel=11, mentions_bot=True)
    await server.wait_for(lambda: bot.heard)
    thread = await bot.heard[0].create_thread(name="Study")
    await thread.send("here")

    assert [one.content for one in server.sent(int(said))] == ["here"]


async def test_a_message_has_one_thread(server: FakeDiscord, bot: Bot) -> None:
    server.guild(1, members=[7], channels=[11])
    said = server.say(7, "talk", channel=11, mentions_bot=True)
    await server.wait_for(lambda: bot.heard)
    thread = await bot.heard[0].create_thread(name="Study")
    with pytest.raises(discord.HTTPException) as refused:
        await bot.heard[0].create_thread(name="Study again")

    assert refused.value.code == 160004
    assert server.threads(11) == {int(said): "Study"}
    assert thread.parent_id == 11


async def test_a_message_opens_an_archived_thread_unless_it_is_locked(
    server: FakeDiscord, bot: Bot
) -> None:
    server.guild(1, members=[7], channels=[11])
    thread = server.open_thread(11, "Study")
    place = bot.get_partial_messageable(thread, guild_id=1)
    server.archive(thread)
    await place.send("here")
    server.archive(thread, locked=True)
    with pytest.raises(discord.HTTPException) as refused:
        await place.send("and here")

    assert refused.value.code == 160005
    assert [one.content for one in server.sent(thread)] == ["here"]


@pytest.mark.parametrize("permission", ["administrator", "manage_guild"])
async def test_a_member_who_is_appointed_has_the_permission(
    server: FakeDiscord, bot: Bot, permission: str
) -> None:
    server.guild(1, members=[7, 8], channels=[11], owner=9)
    server.appoint(1, 7, permission)
    guild = await bot.fetch_guild(1, with_counts=False)
    members = [await guild.fetch_member(person) for person in (7, 8)]
    server.dismiss(1, 7)
    guild = await bot.fetch_guild(1, with_counts=False)
    dismissed = await guild.fetch_member(7)

    allowed = [getattr(one.guild_permissions, permission) for one in [*members, dismissed]]
    assert (guild.owner_id, allowed) == (9, [True, False, False])


# Interactions -------------------------------------------------------------------------------


async def test_what_one_person_sees_is_told_by_person_and_press(
    server: FakeDiscord, bot: Bot
) -> None:
    server.guild(1, members=[7, 8], channels=[11])
    sent = await bot.get_partial_messageable(11, guild_id=1).send("which?", view=one_button())
    pressed = []
    for person, words in ((7, "right"), (8, "wrong"), (7, "still right")):
        pressed.append(server.press(person, sent.id, "A"))
        question = await asked(server, bot)
        await question.response.defer()
        await question.followup.send(words, ephemeral=True)

    assert [one.content for one in server.whispers(7)] == ["right", "still right"]
    assert [one.content for one in server.whispers(7, pressed[2])] == ["still right"]
    assert [one.content for one in server.whispers(8)] == ["wrong"]


async def test_a_press_is_answered_to_one_person(server: FakeDiscord, bot: Bot) -> None:
    sent = await (await dm(bot)).send("which?", view=one_button())
    pressed = server.press(7, sent.id, "A")
    question = await asked(server, bot)
    await question.response.send_message("right", ephemeral=True)
    await question.followup.send("more")

    assert question.data is not None
    assert question.data.get("custom_id") == "1.0"
    assert [one["type"] for one in server.interactions[pressed].responses] == [4]
    assert [(one.content, one.ephemeral_to) for one in server.sent(7)] == [
        ("which?", None),
        ("right", 7),
        ("more", None),
    ]


async def test_a_deferred_press_changes_its_message(server: FakeDiscord, bot: Bot) -> None:
    sent = await (await dm(bot)).send("which?", view=one_button())
    server.press(7, sent.id, "1.0")
    question = await asked(server, bot)
    await question.response.defer()
    await question.edit_original_response(content="done", view=None)

    assert [(one.content, one.buttons) for one in server.sent(7)] == [("done", [])]


@pytest.mark.parametrize(
    ("seconds", "code"),
    [pytest.param(3.5, 10062, id="late"), pytest.param(0.0, 40060, id="twice")],
)
async def test_an_answer_comes_in_time_and_once(
    server: FakeDiscord, bot: Bot, seconds: float, code: int
) -> None:
    sent = await (await dm(bot)).send("which?", view=one_button())
    pressed = server.press(7, sent.id, "A")
    question = await asked(server, bot)
    server.advance(seconds)
    if code == 40060:
        server.interactions[pressed].responses.append({"type": 6, "data": {}})
    with pytest.raises(discord.HTTPException) as caught:
        await question.response.send_message("right")

    assert caught.value.code == code


async def test_a_token_lives_fifteen_minutes(server: FakeDiscord, bot: Bot) -> None:
    sent = await (await dm(bot)).send("which?", view=one_button())
    server.press(7, sent.id, "A")
    question = await asked(server, bot)
    await question.response.defer(thinking=True)
    server.advance(901)
    with pytest.raises(discord.HTTPException) as caught:
        await question.followup.send("late")

    assert (caught.value.status, caught.value.code) == (401, 50027)


async def test_a_command_has_typed_options_and_offers_choices(
    server: FakeDiscord, bot: Bot
) -> None:
    @bot.tree.command(name="quiz", description="Ask me")
    async def quiz(interaction: Pressed, topic: str, count: int) -> None:
        await interaction.response.defer(thinking=True)
        await interaction.followup.send(f"{topic} {count} {interaction.locale}")

    @quiz.autocomplete("topic")
    async def topics(_: Pressed, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{typed}!", value=typed)]

    await bot.tree.sync()
    offered = await server.autocomplete(7, "quiz", "topic", "att")
    with pytest.raises(ValueError, match="count"):
        server.command(7, "quiz", {"topic": "attention", "count": "3"})
    sent = server.command(7, "quiz", {"topic": "attention", "count": 3}, locale="en-US")
    await server.wait_for(lambda: server.sent(7))

    assert offered == [{"name": "att!", "value": "att"}]
    assert [one.content for one in server.sent(7)] == ["attention 3 en-US"]
    assert server.interactions[sent].responses[0]["type"] == 5
    assert server.command_syncs == 1


async def test_a_command_of_a_user_works_in_a_guild_without_the_bot(
    server: FakeDiscord, bot: Bot
) -> None:
    @bot.tree.command(name="help", description="Help")
    @app_commands.allowed_installs(guilds=True, users=True)
    async def help_(interaction: Pressed) -> None:
        await interaction.response.send_message("here")

    await bot.tree.sync()
    server.guild(2, members=[7], channels=[22], joined=False)
    server.command(7, "help", channel=22, user_installed=True)
    (answer,) = await server.wait_for(lambda: server.sent(22))

    assert answer.content == "here"
    with pytest.raises(discord.Forbidden):
        await bot.get_partial_messageable(22).send("not here")


async def test_a_modal_comes_back_filled_in(server: FakeDiscord, bot: Bot) -> None:
    class Form(discord.ui.Modal, title="Answer"):
        words: discord.ui.TextInput["Form"] = discord.ui.TextInput(label="Words", custom_id="w")

        @override
        async def on_submit(self, interaction: Pressed) -> None:
            await interaction.response.send_message(f"got {self.words.value}")

    sent = await (await dm(bot)).send("which?", view=one_button())
    pressed = server.press(7, sent.id, "A")
    question = await asked(server, bot)
    await question.response.send_modal(Form(custom_id="form"))
    server.submit_modal(7, pressed, {"w": "42"})
    await server.wait_for(lambda: [one for one in server.sent(7) if one.content == "got 42"])

    assert server.interactions[pressed].modal is not None


async def test_a_select_gives_the_values_behind_its_labels(server: FakeDiscord, bot: Bot) -> None:
    view = discord.ui.View(timeout=None)
    select: discord.ui.Select[discord.ui.View] = discord.ui.Select(custom_id="s")
    select.add_option(label="First", value="1")
    view.add_item(select)
    sent = await (await dm(bot)).send("which?", view=view)
    server.press(7, sent.id, "s", values=["First"])
    question = await asked(server, bot)

    assert question.data is not None
    assert question.data.get("values") == ["1"]


# The gateway --------------------------------------------------------------------------------


async def test_a_dropped_line_is_resumed_and_misses_nothing(server: FakeDiscord, bot: Bot) -> None:
    server.drop_line()
    await server.wait_for(lambda: not server.connected)
    server.say(7, "while away")
    await server.wait_for(lambda: bot.heard)

    assert [one.content for one in bot.heard] == ["while away"]
    assert (len(server.identifies), len(server.resumes), bot.resumed) == (1, 1, 1)


async def test_a_client_that_is_asked_to_reconnect_resumes(server: FakeDiscord, bot: Bot) -> None:
    server.ask_to_reconnect()
    await server.wait_for(lambda: server.resumes and server.connected)
    server.say(7, "still there?")
    await server.wait_for(lambda: bot.heard)

    assert len(server.identifies) == 1


async def test_a_server_that_was_away_is_found_again(server: FakeDiscord, bot: Bot) -> None:
    await server.go_away()
    await server.wait_for(lambda: not server.connected)
    with pytest.raises(OSError, match="Connect"):
        await bot.fetch_user(7)
    server.say(7, "while away")
    await server.come_back()
    await server.wait_for(lambda: bot.heard, timeout=30)

    assert [one.content for one in bot.heard] == ["while away"]


async def test_an_invalid_session_begins_anew_without_what_was_missed(
    server: FakeDiscord, bot: Bot
) -> None:
    server.invalidate_sessions()
    server.say(7, "missed")
    await server.wait_for(lambda: len(server.identifies) == 2 and server.connected)
    server.say(7, "heard")
    await server.wait_for(lambda: bot.heard)

    assert [one.content for one in bot.heard] == ["heard"]


async def test_the_gateway_can_be_away_alone(server: FakeDiscord, bot: Bot) -> None:
    await server.go_away(0.1, gateway_only=True)
    await server.wait_for(lambda: not server.connected)
    await (await dm(bot)).send("still sending")
    await server.wait_for(lambda: server.connected, timeout=30)

    assert len(server.sent(7)) == 1


async def test_the_content_of_messages_has_to_be_granted(server: FakeDiscord) -> None:
    server.grants_message_content = False
    bot = Bot()
    await bot.login(server.token)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await bot.connect()
    await bot.close()


async def test_without_the_intent_only_what_is_meant_for_the_bot_has_words(
    server: FakeDiscord,
) -> None:
    server.guild(1, members=[7], channels=[11])
    bot = Bot(reads_guilds=False)
    try:
        await bot.up(server)
        server.say(7, "among us", channel=11)
        server.say(7, "you there", channel=11, mentions_bot=True)
        server.say(7, "in private")
        await server.wait_for(lambda: len(bot.heard) == 3)
    finally:
        await bot.down()

    assert [one.clean_content.removeprefix("@Mentor ") for one in bot.heard] == [
        "",
        "you there",
        "in private",
    ]


# Another process ----------------------------------------------------------------------------


async def test_another_process_plays_the_people(server: FakeDiscord, bot: Bot) -> None:
    async def control(name: str, **arguments: object) -> object:
        address = f"{server.root}/control/{name}"
        async with aiohttp.ClientSession() as http, http.post(address, json=arguments) as answer:
            return (await answer.json())["result"]

    await control("guild", id=1, members=[7], channels={"11": "general"})
    await control("say", person=7, text="x", attachments=[["a.txt", "eA=="]])
    await server.wait_for(lambda: bot.heard)
    sent = await bot.heard[0].channel.send("which?", view=one_button())
    pressed = await control("press", person=7, message_id=str(sent.id), label_or_custom_id="A")
    await (await asked(server, bot)).response.send_message("right")
    seen = await control("wait_for", where=7, contains="right")
    kept = await control("interaction", id=pressed)
    named = ["messages", "requests", "connected", "commands"]
    answered = [await control(name) is not None for name in named]

    assert isinstance(seen, list)
    assert seen[0]["content"] == "right"
    assert isinstance(kept, dict)
    assert kept["responses"][0]["type"] == 4
    assert all(answered)


# Faults -------------------------------------------------------------------------------------


async def test_a_limit_from_discord_itself_is_waited_for(server: FakeDiscord, bot: Bot) -> None:
    channel = await dm(bot)
    server.fail("POST", "/channels/*/messages", 429, retry_after=0.01)
    await channel.send("after all")

    assert [one.status for one in server.calls("POST", "/channels/*/messages")] == [429, 200]


async def test_a_limit_from_cloudflare_is_raised(server: FakeDiscord, bot: Bot) -> None:
    channel = await dm(bot)
    server.fail("POST", "/channels/*/messages", 429, via=False)
    with pytest.raises(discord.HTTPException) as caught:
        await channel.send("not now")

    assert caught.value.status == 429


async def test_rates_are_kept_per_channel(server: FakeDiscord, bot: Bot) -> None:
    channel = await dm(bot)
    server.enforce_rates(messages=2, seconds=0.2)
    for number in range(3):
        await channel.send(f"{number}")

    assert [one.content for one in server.sent(7)] == ["0", "1", "2"]


@pytest.mark.parametrize(("moment", "count"), [("before", 0), ("after", 1)])
async def test_a_cut_line_leaves_the_sender_in_doubt(
    server: FakeDiscord, bot: Bot, moment: str, count: int
) -> None:
    channel = await dm(bot)
    server.fail("POST", "/channels/*/messages", cut=moment)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await channel.send("did it?")

    assert len(server.sent(7)) == count


async def test_each_shard_is_told_of_its_own_servers(server: FakeDiscord) -> None:
    server.shards = 2
    server.guild(500, [7], [600])
    server.guild(1 << 22, [7], [601])
    bot = ShardedBot()
    try:
        await bot.up(server)
        for channel in (None, 600, 601):
            server.say(7, "hello", channel=channel)
        await server.wait_for(lambda: len(bot.heard) == 3)
        shards = {guild.id: guild.shard_id for guild in bot.guilds}
    finally:
        await bot.down()

    assert shards == {500: 0, 1 << 22: 1}
    assert sorted(one["shard"] for one in server.identifies) == [[0, 2], [1, 2]]


@pytest.mark.parametrize(("shard", "shards", "code"), [(0, 1, 4011), (2, 2, 4010)])
async def test_with_too_few_shards_or_one_too_high_it_is_hung_up_on(
    server: FakeDiscord, shard: int, shards: int, code: int
) -> None:
    server.shards = 2
    bot = Bot(shard=shard, shards=shards)
    await bot.login(server.token)
    with pytest.raises(discord.ConnectionClosed) as hung_up:
        await bot.connect(reconnect=False)
    await bot.close()

    assert hung_up.value.code == code
