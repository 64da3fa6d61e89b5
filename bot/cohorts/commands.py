"""What is asked for in a group: the commands people type, and those behind its buttons."""

import re
from dataclasses import dataclass, replace
from datetime import date, time

from agent.phrases import day_in, time_in, zone_in
from agent.phrases.weeks import weekdays_in
from bot.commands import GROUP_MENU, curriculum_named, language_named
from learning.catalogue import Catalogue
from learning.errors import Refused
from learning.values import Language
from tools.cohorts.membership import Beginning, CohortChange

_COMMAND = re.compile(r"^[/／]([a-z]+)(?:\s+(.*))?$", re.DOTALL | re.IGNORECASE)


# Coming and going have buttons, and no place in the menu; some type them all the same. Where
# nobody else reads along, /leave is about a curriculum.
_TYPED = frozenset({*GROUP_MENU, "join", "leave"})


@dataclass(frozen=True, slots=True)
class GroupCommand:
    """A command of a group's, with the words behind it."""

    name: str
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.words)

    def number(self, place: int) -> int:
        """A word that is a number.

        Raises:
            Refused: when it is none, as in a command typed by hand.
        """
        if place < len(self.words) and self.words[place].isdecimal():
            return int(self.words[place][:18])
        raise Refused("group.unclear")


def typed_command(text: str, *, is_private: bool) -> GroupCommand | None:
    """A command of the group's; None when the words are something else."""
    found = _COMMAND.match(text.strip())
    if found is None or found[1].lower() not in (GROUP_MENU if is_private else _TYPED):
        return None
    name, words = found[1].lower(), (found[2] or "").split()
    if name == "group" and words:
        words[0] = _ALSO.get(words[0].lower(), words[0])
    return GroupCommand(name, tuple(words))


# What people write for the first word behind /group.
_ALSO = {
    also: word
    for word, others in {
        "start": "begin open new 开始 开启 创建 新建",
        "end": "stop close finish disband 结束 解散 关闭 停止",
        "join": "加入",
        "leave": "quit exit 退出 离开",
        "time": "question daily 时间 出题 每日一题",
        "reveal": "answer 揭晓 公布",
        "evening": "rollcall roll-call 点名 晚间",
        "digest": "report weekly 周报",
        "quiet": "mute silent 静音 安静 免打扰 休息",
        "posts": "条数 上限",
        "zone": "timezone tz 时区",
        "language": "lang 语言",
    }.items()
    for also in others.split()
}


def behind_button(command: str) -> GroupCommand:
    name, *words = command.lstrip("/").split()
    return GroupCommand(name, tuple(words))


# What is decided for all, and so by an administrator alone.
_FOR_ALL = frozenset({"start", "time", "reveal", "evening", "digest", "quiet", "posts", "zone"})


def is_for_administrators(command: GroupCommand) -> bool:
    if command.name == "group":
        first = command.words[0].lower() if command.words else ""
        return first in _FOR_ALL | {"language", "end"}
    return command.name == "pods"


def beginning(words: tuple[str, ...], today: date, catalogue: Catalogue) -> Beginning:
    """`/group start starter-30 2026-12-01 en`, in any order, and with what is missing left out.

    Raises:
        Refused: when a word means nothing.
    """
    found = Beginning()
    names: list[str] = []
    for word in words:
        language = _language(word)
        day = day_in(word, today)
        if language is not None:
            found = replace(found, language=language)
        elif day is not None:
            found = replace(found, start=day)
        elif "/" in word:
            found = replace(found, zone=zone_in(word) or word)
        elif re.fullmatch(r"[\d./-]+", word):
            # Meant as a day; it must not begin today instead.
            raise Refused("group.unclear")
        elif word.lower() == "yes":
            found = replace(found, is_confirmed=True)
        else:
            names.append(word)
    if not names:
        return found
    named = " ".join(names)
    curriculum = curriculum_named(named, catalogue)
    if curriculum is None:
        raise Refused("group.curriculum_unknown", name=named)
    return replace(found, curriculum=curriculum)


def _language(word: str) -> Language | None:
    bare = word.lower()
    return language_named(word) or ("zh" if bare == "zh" else "en" if bare == "en" else None)


def wanted_change(words: tuple[str, ...]) -> CohortChange:
    """`/group time 9:00`, `/group quiet 周末`, `/group digest sun 20:30`, `/group posts 2`.

    Raises:
        Refused: when the words say nothing that can be changed.
    """
    what, text = words[0].lower(), " ".join(words[1:])
    at = _time(text)
    match what:
        case "time" if at is not None:
            return CohortChange(question_at=at)
        case "reveal" if at is not None:
            return CohortChange(reveal_at=at)
        case "evening" if at is not None:
            return CohortChange(evening_at=at)
        case "digest":
            days = _weekdays(text)
            if at is not None or len(days) == 1:
                return CohortChange(digest_on=days[0] if days else None, digest_at=at)
        case "quiet":
            days = _weekdays(text)
            if days or text.lower() in {"none", "off", "无", "没有"}:
                return CohortChange(quiet_days=days)
        case "posts" if text.isdecimal():
            return CohortChange(posts_a_day=int(text[:3]))
        case "zone" if text:
            return CohortChange(zone=zone_in(text) or text)
        case "language":
            language = _language(text)
            if language is not None:
                return CohortChange(language=language)
        case _:
            pass
    raise Refused("group.unclear")


def _time(text: str) -> time | None:
    """A time of day; behind such a command a bare number is an hour."""
    hour = text.strip()
    return time_in(f"{hour}:00" if re.fullmatch(r"[01]?\d|2[0-3]", hour) else text)


def _weekdays(text: str) -> tuple[int, ...]:
    return tuple(sorted(weekdays_in(text.replace(",", " ").replace("，", " "))))
