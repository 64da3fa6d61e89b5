"""What Discord refuses, and the words it refuses with.

From Discord's documentation of API v10 and from what discord.py is written against; nothing here
was seen on the real server. Lengths count code points.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping

from tests.fakes.loopback import Json, words

CONTENT = 2000
EMBEDS_IN_ALL = 6000
NONCE = 25
NONCE_SECONDS = 300
"""Discord says "the past few minutes"; nobody has measured it."""
ANSWER_SECONDS = 3.0
TOKEN_SECONDS = 15 * 60.0
UPLOAD = 10 * 2**20

EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15
SECONDS_TO_IDENTIFY = 5.0
GUILDS_INTENT = 1 << 0
GUILD_MESSAGES_INTENT = 1 << 9
DIRECT_MESSAGES_INTENT = 1 << 12
MESSAGE_CONTENT_INTENT = 1 << 15

ROW, BUTTON, SELECT, LABEL = 1, 2, 3, 18
SELECTS = frozenset({3, 5, 6, 7, 8})
LINK, PREMIUM = 5, 6
BLANK_GUILD_MESSAGE: Json = {
    "content": "",
    "embeds": [],
    "attachments": [],
    "components": [],
}
# What lets somebody decide for a guild.
PERMISSIONS = {"administrator": 1 << 3, "manage_guild": 1 << 5}
# View, react, send, embed, attach, read history, mention everyone, use commands, make threads and
# write in them. Managing other people's messages is not among it.
USUAL_PERMISSIONS = str(sum(1 << bit for bit in (6, 10, 11, 14, 15, 16, 17, 31, 35, 36, 38)))

_MESSAGES = {
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50003: (400, "Cannot execute action on a DM channel"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50024: (400, "Cannot execute action on this channel type"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50109: (400, "The request body contains invalid JSON."),
    160004: (400, "A thread has already been created for this message"),
    160005: (400, "Thread is locked"),
}


class ApiError(Exception):
    """An answer that is not what was asked for."""

    def __init__(
        self, status: int, code: int = 0, message: str = "", errors: Json | None = None
    ) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.body: Json = {"message": message, "code": code}
        if errors:
            self.body["errors"] = errors
        self.headers: dict[str, str] = {}


def refusal(code: int) -> ApiError:
    status, message = _MESSAGES[code]
    return ApiError(status, code, message)


def message_of(status: int, code: int | None) -> str:
    """The words Discord uses with a code, or with a status that has none."""
    if code in _MESSAGES:
        return _MESSAGES[code][1]
    return {401: "401: Unauthorized", 404: "404: Not Found"}.get(status, f"{status}: Error")


class Form:
    """Collects what is wrong with a body, each thing under its path, as Discord reports it."""

    def __init__(self) -> None:
        self._errors: Json = {}

    def wrong(self, path: str, code: str, message: str) -> None:
        place = self._errors
        for step in path.split("."):
            place = place.setdefault(step, {})
        place.setdefault("_errors", []).append({"code": code, "message": message})

    def finish(self) -> None:
        if self._errors:
            status, message = _MESSAGES[50035]
            raise ApiError(status, 50035, message, self._errors)

    def text(self, path: str, value: object, most: int, least: int = 0) -> None:
        """Check a text; None is an absent one."""
        if value is None and least == 0:
            return
        if value is None or value == "":
            if least:
                self.wrong(path, "BASE_TYPE_REQUIRED", "This field is required")
        elif not isinstance(value, str):
            self.wrong(path, "BASE_TYPE_STRING", "Could not interpret value as string.")
        elif not least <= len(value) <= most:
            if least:
                text = f"Must be between {least} and {most} in length."
                self.wrong(path, "BASE_TYPE_BAD_LENGTH", text)
            else:
                text = f"Must be {most} or fewer in length."
                self.wrong(path, "BASE_TYPE_MAX_LENGTH", text)

    def count(self, path: str, given: list[Json], most: int, least: int = 0) -> None:
        if not least <= len(given) <= most:
            text = f"Must be between {least} and {most} in length."
            self.wrong(path, "BASE_TYPE_BAD_LENGTH", text)

    def list(self, path: str, body: Json, key: str) -> list[Json]:
        """The objects under a key; whatever is not one is wrong and left out."""
        given = body.get(key)
        if given is None:
            return []
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            text = "Only iterables may be used in a ListType"
            self.wrong(path, "LIST_TYPE_CONVERT", text)
            return []
        return given


def check_message(body: Json) -> None:
    """Refuse what a message or an edit may not contain; emptiness is judged by `check_empty`."""
    form = Form()
    form.text("content", body.get("content"), CONTENT)
    nonce = body.get("nonce")
    if nonce is not None and len(str(nonce)) > NONCE:
        form.wrong("nonce", "BASE_TYPE_MAX_LENGTH", f"Must be {NONCE} or fewer in length.")
    _check_embeds(form, body)
    components = form.list("components", body, "components")
    if int(body.get("flags") or 0) & COMPONENTS_V2:
        if body.get("content") or body.get("embeds"):
            text = "The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            form.wrong("content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", text)
        form.count("components", list(each_component(components)), 40)
    else:
        form.count("components", components, 5)
        for place, row in enumerate(components):
            if row.get("type") != ROW:
                text = f'Value of field "type" must be one of ({ROW},).'
                form.wrong(f"components.{place}.type", "UNION_TYPE_CHOICES", text)
    _check_components(form, "components", components)
    _check_unique_ids(form, components)
    _check_allowed_mentions(form, body.get("allowed_mentions"))
    form.finish()


def check_empty(shown: Json) -> None:
    """Refuse a message in which there would be nothing to see."""
    if str(shown.get("content") or "").strip():
        return
    v2 = int(shown.get("flags") or 0) & COMPONENTS_V2
    parts = ["embeds", "attachments", "sticker_ids", "poll"]
    if not any(shown.get(part) for part in [*parts, *(["components"] if v2 else [])]):
        raise refusal(50006)


def _check_embeds(form: Form, body: Json) -> None:
    embeds = form.list("embeds", body, "embeds")
    form.count("embeds", embeds, 10)
    in_all = 0
    for place, embed in enumerate(embeds):
        at = f"embeds.{place}"
        texts = {"title": 256, "description": 4096}
        for key, most in texts.items():
            form.text(f"{at}.{key}", embed.get(key), most)
            in_all += len(str(embed.get(key) or ""))
        footer, author = embed.get("footer") or {}, embed.get("author") or {}
        form.text(f"{at}.footer.text", footer.get("text"), 2048)
        form.text(f"{at}.author.name", author.get("name"), 256)
        in_all += len(str(footer.get("text") or "")) + len(str(author.get("name") or ""))
        fields = form.list(f"{at}.fields", embed, "fields")
        form.count(f"{at}.fields", fields, 25)
        for number, field in enumerate(fields):
            form.text(f"{at}.fields.{number}.name", field.get("name"), 256, 1)
            form.text(f"{at}.fields.{number}.value", field.get("value"), 1024, 1)
            in_all += len(str(field.get("name") or "")) + len(str(field.get("value") or ""))
    if in_all > EMBEDS_IN_ALL:
        text = f"Embed size exceeds maximum size of {EMBEDS_IN_ALL}"
        form.wrong("embeds", "MAX_EMBED_SIZE_EXCEEDED", text)


def each_component(components: Iterable[Json]) -> Iterator[Json]:
    """All components, those inside of others after the one they are in."""
    for component in components:
        yield component
        yield from each_component(component.get("components") or ())
        inner = (component.get("component"), component.get("accessory"))
        yield from each_component(one for one in inner if isinstance(one, dict))


def _check_components(form: Form, at: str, components: list[Json]) -> None:
    for place, component in enumerate(components):
        here = f"{at}.{place}"
        kind = component.get("type")
        if kind == BUTTON:
            _check_button(form, here, component)
        elif kind in SELECTS:
            _check_select(form, here, component)
        elif kind == 4:
            _check_text_input(form, here, component)
        elif kind == ROW:
            inner = form.list(f"{here}.components", component, "components")
            has_select = any(one.get("type") in SELECTS or one.get("type") == 4 for one in inner)
            form.count(f"{here}.components", inner, 1 if has_select else 5, 1)
            _check_components(form, f"{here}.components", inner)
        elif kind == LABEL:
            form.text(f"{here}.label", component.get("label"), 45, 1)
            form.text(f"{here}.description", component.get("description"), 100)
            _check_components(form, f"{here}.component", [component.get("component") or {}])
        elif kind == 10:
            form.text(f"{here}.content", component.get("content"), 4000, 1)
        else:
            inner = form.list(f"{here}.components", component, "components")
            _check_components(form, f"{here}.components", inner)


def _check_button(form: Form, at: str, button: Json) -> None:
    form.text(f"{at}.label", button.get("label"), 80)
    style = button.get("style")
    if style not in range(1, 7):
        text = "Value must be one of {1, 2, 3, 4, 5, 6}."
        form.wrong(f"{at}.style", "BASE_TYPE_CHOICES", text)
    elif style == LINK:
        form.text(f"{at}.url", button.get("url"), 512, 1)
        if button.get("custom_id"):
            text = "A custom id and url cannot both be specified"
            form.wrong(f"{at}.custom_id", "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", text)
    elif style != PREMIUM:
        form.text(f"{at}.custom_id", button.get("custom_id"), 100, 1)
    if style != PREMIUM and not button.get("label") and not button.get("emoji"):
        text = "A label or an emoji is required"
        form.wrong(f"{at}.label", "BUTTON_COMPONENT_INVALID_EMOJI_LABEL", text)


def _check_select(form: Form, at: str, select: Json) -> None:
    form.text(f"{at}.custom_id", select.get("custom_id"), 100, 1)
    form.text(f"{at}.placeholder", select.get("placeholder"), 150)
    if select.get("type") != SELECT:
        return
    options = form.list(f"{at}.options", select, "options")
    form.count(f"{at}.options", options, 25, 1)
    seen = set()
    for place, option in enumerate(options):
        form.text(f"{at}.options.{place}.label", option.get("label"), 100, 1)
        form.text(f"{at}.options.{place}.value", option.get("value"), 100, 1)
        form.text(f"{at}.options.{place}.description", option.get("description"), 100)
        if option.get("value") in seen:
            text = "The specified option value is already used"
            form.wrong(
                f"{at}.options.{place}.value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", text
            )
        seen.add(option.get("value"))


def _check_text_input(form: Form, at: str, entry: Json) -> None:
    form.text(f"{at}.custom_id", entry.get("custom_id"), 100, 1)
    form.text(f"{at}.label", entry.get("label"), 45)
    form.text(f"{at}.placeholder", entry.get("placeholder"), 100)
    form.text(f"{at}.value", entry.get("value"), 4000)


def _check_unique_ids(form: Form, components: list[Json]) -> None:
    seen = set()
    for component in each_component(components):
        custom_id = component.get("custom_id")
        if custom_id is not None and custom_id in seen:
            text = "Component custom id cannot be duplicated"
            form.wrong("components", "COMPONENT_CUSTOM_ID_DUPLICATED", text)
        seen.add(custom_id)


def _check_allowed_mentions(form: Form, allowed: object) -> None:
    if not isinstance(allowed, dict):
        return
    for kind in ("users", "roles"):
        if allowed.get(kind) and kind in (allowed.get("parse") or ()):
            text = f"parse:['{kind}'] and {kind}: [ids...] are mutually exclusive."
            form.wrong("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", text)


def check_modal(data: Json) -> None:
    form = Form()
    form.text("data.custom_id", data.get("custom_id"), 100, 1)
    form.text("data.title", data.get("title"), 45, 1)
    components = form.list("data.components", data, "components")
    form.count("data.components", components, 5, 1)
    for place, component in enumerate(components):
        if component.get("type") not in {ROW, LABEL, 10}:
            text = f'Value of field "type" must be one of ({ROW}, 10, {LABEL}).'
            form.wrong(f"data.components.{place}.type", "UNION_TYPE_CHOICES", text)
    _check_components(form, "data.components", components)
    _check_unique_ids(form, components)
    form.finish()


def check_choices(choices: list[Json], at: str = "data.choices", form: Form | None = None) -> None:
    """Check what is offered for an option; a text as value is at most 100 long."""
    mine = form or Form()
    mine.count(at, choices, 25)
    for place, choice in enumerate(choices):
        mine.text(f"{at}.{place}.name", choice.get("name"), 100, 1)
        if isinstance(choice.get("value"), str):
            mine.text(f"{at}.{place}.value", choice["value"], 100, 1)
    if form is None:
        mine.finish()


_COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")


def check_commands(commands: object) -> list[Json]:
    """Check a whole list of commands, as a bulk overwrite gives it."""
    form = Form()
    if not isinstance(commands, list) or not all(isinstance(one, dict) for one in commands):
        form.wrong("_root", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        form.finish()
        return []
    for kind, most in ((1, 100), (2, 15), (3, 15)):
        if sum(one.get("type", 1) == kind for one in commands) > most:
            text = f"Maximum number of application commands reached ({most})."
            raise ApiError(400, 30032, text)
    seen = set()
    for place, command in enumerate(commands):
        _check_command(form, f"{place}", command)
        key = (command.get("type", 1), command.get("name"))
        if key in seen:
            text = "Application command names must be unique"
            form.wrong(f"{place}", "APPLICATION_COMMANDS_DUPLICATE_NAME", text)
        seen.add(key)
        if _size(command) > 8000:
            text = "Command exceeds maximum size (8000)"
            form.wrong(f"{place}", "APPLICATION_COMMAND_TOO_LARGE", text)
    form.finish()
    return commands


def _check_command(form: Form, at: str, command: Json) -> None:
    if command.get("type", 1) == 1:
        _check_named(form, at, command)
        _check_options(form, at, command)
        return
    form.text(f"{at}.name", command.get("name"), 32, 1)
    if command.get("description"):
        text = "Context menu commands cannot have description"
        form.wrong(f"{at}.description", "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION", text)


def _check_named(form: Form, at: str, named: Json) -> None:
    names = {"name": named.get("name")}
    for language, name in (named.get("name_localizations") or {}).items():
        names[f"name_localizations.{language}"] = name
    for path, name in names.items():
        if not isinstance(name, str) or not _COMMAND_NAME.fullmatch(name) or name != name.lower():
            text = "Command name is invalid"
            form.wrong(f"{at}.{path}", "APPLICATION_COMMAND_INVALID_NAME", text)
    form.text(f"{at}.description", named.get("description"), 100, 1)
    for language, told in (named.get("description_localizations") or {}).items():
        form.text(f"{at}.description_localizations.{language}", told, 100, 1)
    for key in ("name_localizations", "description_localizations"):
        for language in named.get(key) or {}:
            if language not in LOCALES:
                text = f"Locale '{language}' is not supported"
                form.wrong(f"{at}.{key}", "APPLICATION_COMMAND_INVALID_LOCALE", text)


def _check_options(form: Form, at: str, owner: Json) -> None:
    options = form.list(f"{at}.options", owner, "options")
    form.count(f"{at}.options", options, 25)
    seen_optional = False
    names = [option.get("name") for option in options]
    if len(set(names)) < len(names):
        text = "Option names must be unique"
        form.wrong(f"{at}.options", "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", text)
    for place, option in enumerate(options):
        here = f"{at}.options.{place}"
        _check_named(form, here, option)
        if option.get("type") in (1, 2):
            _check_options(form, here, option)
            continue
        if option.get("required") and seen_optional:
            text = "Required options must be placed before non-required options"
            form.wrong(here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", text)
        seen_optional = seen_optional or not option.get("required")
        choices = form.list(f"{here}.choices", option, "choices")
        check_choices(choices, f"{here}.choices", form)
        if choices and option.get("autocomplete"):
            text = "Autocomplete and choices are mutually exclusive"
            form.wrong(here, "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", text)


def _size(command: Json) -> int:
    """What counts towards the 8000: names, descriptions and values, those of options too."""
    own = sum(len(str(command.get(key) or "")) for key in ("name", "description", "value"))
    inner = [*(command.get("options") or []), *(command.get("choices") or [])]
    return own + sum(map(_size, inner))


LOCALES = words(
    "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru"
    " uk hi th zh-CN ja zh-TW ko"
)

_CODE = re.compile(r"```.*?```|``.*?``|`[^`\n]+`", re.DOTALL)
_USER, _ROLE = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>")


def pings(
    content: str, allowed: object, *, replied_to: int | None, in_guild: bool
) -> list[int | str]:
    """Whom a message notifies: ids of people, "everyone", "here", and "&5" for a role.

    Without `allowed_mentions` everything pings. What stands in code pings nobody.
    """
    rules = allowed if isinstance(allowed, dict) else {"parse": ["users", "roles", "everyone"]}
    parse = rules.get("parse") or []
    plain = _CODE.sub(" ", content)
    found: list[int | str] = []
    if in_guild and "everyone" in parse:
        found += [name for name in ("everyone", "here") if f"@{name}" in plain]
    if in_guild:
        named = [str(id) for id in rules.get("roles") or []]
        found += [f"&{role}" for role in _ROLE.findall(plain) if "roles" in parse or role in named]
    named = [str(id) for id in rules.get("users") or []]
    found += [int(id) for id in _USER.findall(plain) if "users" in parse or id in named]
    if replied_to is not None and rules.get("replied_user", not isinstance(allowed, dict)):
        found.append(replied_to)
    return list(dict.fromkeys(found))


def mentioned(content: str) -> list[int]:
    """The people whose names a text shows, whether or not they are notified."""
    return list(dict.fromkeys(map(int, _USER.findall(_CODE.sub(" ", content)))))


class Rates:
    """Discord's buckets as sliding windows: so many messages a channel, so many calls in all."""

    def __init__(self, messages: int, seconds: float, overall: int) -> None:
        self.messages = messages
        self.seconds = seconds
        self.overall = overall
        self._calls: dict[str, deque[float]] = {}

    def charge(self, now: float, bucket: str | None) -> dict[str, str]:
        """Count one call; give the headers of its bucket, or raise 429."""
        self._take("global", self.overall, 1.0, now, is_global=True)
        if bucket is None:
            return {}
        calls = self._take(bucket, self.messages, self.seconds, now, is_global=False)
        return rate_headers(
            self.messages,
            self.messages - len(calls),
            reset=calls[0] + self.seconds,
            after=calls[0] + self.seconds - now,
        )

    def _take(
        self, key: str, most: int, seconds: float, now: float, *, is_global: bool
    ) -> deque[float]:
        calls = self._calls.setdefault(key, deque())
        while calls and calls[0] + seconds <= now:
            calls.popleft()
        if len(calls) >= most:
            after = calls[0] + seconds - now
            raise too_many(after, is_global=is_global, via=True, limit=most, now=now)
        calls.append(now)
        return calls


def rate_headers(limit: int, remaining: int, *, reset: float, after: float) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": f"{reset:.3f}",
        "X-RateLimit-Reset-After": f"{after:.3f}",
        "X-RateLimit-Bucket": "80c17d2f203122d936070c88c8d10f33",
    }


def too_many(
    after: float, *, is_global: bool, via: bool, limit: int = 5, now: float = 0.0
) -> ApiError:
    """A 429; without `Via` it comes from Cloudflare, and discord.py does not wait and retry."""
    error = ApiError(429)
    error.body = {
        "message": "You are being rate limited.",
        "retry_after": round(after, 3),
        "global": is_global,
    }
    error.headers = {"Retry-After": str(int(after) + 1)}
    error.headers["X-RateLimit-Scope"] = "global" if is_global else "user"
    if is_global:
        error.headers["X-RateLimit-Global"] = "true"
    else:
        error.headers |= rate_headers(limit, 0, reset=now + after, after=after)
    if via:
        error.headers["Via"] = "1.1 google"
    return error


_CHECKS: Mapping[int, Callable[[object], bool]] = {
    3: lambda value: isinstance(value, str),
    4: lambda value: isinstance(value, int) and not isinstance(value, bool),
    5: lambda value: isinstance(value, bool),
    10: lambda value: isinstance(value, int | float) and not isinstance(value, bool),
}


def check_option(option: Json, value: object) -> None:
    """ValueError where Discord's client would not let one send the command."""
    name, kind = option["name"], option["type"]
    check = _CHECKS.get(kind)
    if check is not None and not check(value):
        raise ValueError(f"option {name!r} is of type {kind}, not {value!r}")
    choices = [choice["value"] for choice in option.get("choices") or []]
    if choices and value not in choices:
        raise ValueError(f"option {name!r} is one of {choices}, not {value!r}")
    if isinstance(value, str) and kind == 3:
        least, most = option.get("min_length") or 0, option.get("max_length") or 6000
        if not least <= len(value) <= most:
            raise ValueError(f"option {name!r} has {least} to {most} characters")
    if isinstance(value, int | float) and kind in (4, 10):
        least, most = option.get("min_value"), option.get("max_value")
        if (least is not None and value < least) or (most is not None and value > most):
            raise ValueError(f"option {name!r} is from {least} to {most}, not {value!r}")
