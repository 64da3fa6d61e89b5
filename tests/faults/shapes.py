"""Updates as Telegram sends them, and what chance can do to them."""

import copy
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from tests.fakes.loopback import Json

_Path = tuple[str | int, ...]


def real_updates(person: int) -> list[Json]:
    """One update of each kind that the bot asks for, in the Bot API's shapes, from one person."""
    sender = {
        "id": person,
        "is_bot": False,
        "first_name": "王",
        "last_name": "小明",
        "username": f"learner{person}",
        "language_code": "zh-hans",
        "is_premium": True,
    }
    chat = {"id": person, "first_name": "王", "last_name": "小明", "type": "private"}
    group = {"id": -1_001_234_567_890 - person, "title": "学习小组", "type": "supergroup"}
    bot = {"id": 110201543, "is_bot": True, "first_name": "Mentor", "username": "MentorBot"}
    said = {"message_id": 4711, "from": sender, "chat": chat, "date": 1_795_000_000}
    photo = {
        "file_id": "AgACAgIAAxkBAAI",
        "file_unique_id": "AQADx",
        "file_size": 1253,
        "width": 90,
        "height": 67,
    }
    messages: list[Json] = [
        {"text": "今天学什么？"},
        {"text": "/today", "entities": [{"offset": 0, "length": 6, "type": "bot_command"}]},
        {"text": "/done 2", "entities": [{"offset": 0, "length": 5, "type": "bot_command"}]},
        {
            "text": "看看 https://example.org 👀",
            "entities": [{"offset": 3, "length": 19, "type": "url"}],
            "link_preview_options": {"is_disabled": True},
        },
        {
            "text": "什么是 LoRA？",
            "forward_origin": {
                "type": "hidden_user",
                "sender_user_name": "某人",
                "date": 1_794_000,
            },
        },
        {
            "text": "第一个做完了",
            "reply_to_message": {**said, "message_id": 4700, "from": bot, "text": "**今天**"},
        },
        {
            "sticker": {
                "width": 512,
                "height": 512,
                "emoji": "🎉",
                "set_name": "Party",
                "is_animated": True,
                "is_video": False,
                "type": "regular",
                "thumbnail": photo,
                "file_id": "CAACAgIAAxkBAAI",
                "file_unique_id": "AgADx",
                "file_size": 20_154,
            }
        },
        {"photo": [photo, {**photo, "width": 1280, "height": 960}], "caption": "我的笔记"},
        {
            "document": {
                "file_name": "笔记.pdf",
                "mime_type": "application/pdf",
                "file_id": "BQACAgIAAxkBAAI",
                "file_unique_id": "AgADy",
                "file_size": 913_204,
            }
        },
        {
            "voice": {
                "duration": 3,
                "mime_type": "audio/ogg",
                "file_id": "AwACAgIAAxkBAAI",
                "file_unique_id": "AgADz",
                "file_size": 11_032,
            }
        },
        {"location": {"latitude": 31.230391, "longitude": 121.473701}},
        {"contact": {"phone_number": "+8613800000000", "first_name": "李", "user_id": 7}},
        {
            "poll": {
                "id": "5404",
                "question": "几点？",
                "options": [{"text": "八点", "voter_count": 0, "persistent_id": "0"}],
                "total_voter_count": 0,
                "is_closed": False,
                "is_anonymous": True,
                "type": "regular",
                "allows_multiple_answers": False,
            }
        },
    ]
    updates: list[Json] = [{"message": {**said, **content}} for content in messages]
    updates.append(
        {
            "message": {
                **said,
                "chat": group,
                "text": "@MentorBot 今天",
                "entities": [{"offset": 0, "length": 10, "type": "mention"}],
                "message_thread_id": 12,
                "is_topic_message": True,
            }
        }
    )
    updates.append({"message": {**said, "chat": group, "new_chat_members": [bot]}})
    updates.append(
        {
            "callback_query": {
                "id": "4382bfdwdsb323b2d9",
                "from": sender,
                "message": {
                    **said,
                    "from": bot,
                    "text": "今天",
                    "reply_markup": {
                        "inline_keyboard": [[{"text": "✅ 1", "callback_data": "1.0"}]]
                    },
                },
                "chat_instance": "-3423423423",
                "data": "1.0",
            }
        }
    )
    updates.append(
        {
            "my_chat_member": {
                "chat": chat,
                "from": sender,
                "date": 1_795_000_000,
                "old_chat_member": {"user": bot, "status": "member"},
                "new_chat_member": {"user": bot, "status": "kicked", "until_date": 0},
            }
        }
    )
    return updates


def text_update(person: int, text: str, **fields: object) -> Json:
    """A private message; `update_id=5` gives the update its number."""
    message = {
        "message_id": 4712,
        "from": {"id": person, "is_bot": False, "first_name": "Ana", "language_code": "en"},
        "chat": {"id": person, "first_name": "Ana", "type": "private"},
        "date": 1_795_000_000,
        "text": text,
    }
    return {**fields, "message": message}


def mutated(update: Json, chance: Random) -> Json:
    """A copy with one to six things wrong with it."""
    changed = copy.deepcopy(update)
    for _ in range(chance.randint(1, 6)):
        paths = list(_paths(changed))
        if not paths:
            return changed
        # What lies near the top is what a program looks at.
        path = min(chance.choice(paths), chance.choice(paths), key=len)
        holder = _at(changed, path[:-1])
        match chance.randrange(4):
            case 0:
                del holder[path[-1]]
            case 1:
                if isinstance(holder, dict):
                    holder[_nonsense_text(chance)] = nonsense(chance)
                else:
                    holder.append(nonsense(chance))
            case 2:
                # A value in the place of another: right types, wrong meaning.
                holder[path[-1]] = copy.deepcopy(_at(changed, chance.choice(paths)))
            case _:
                holder[path[-1]] = nonsense(chance)
    return changed


def nonsense(chance: Random) -> object:
    """A value of any type, often an extreme one."""
    match chance.randrange(7):
        case 0:
            return chance.choice([None, True, False, [], {}])
        case 1:
            return chance.choice([0, -1, 2**31, 2**53 + 1, 2**63, -(2**63) - 1, 10**300])
        case 2:
            return chance.choice([0.5, -0.0, 1e308, float("inf"), float("nan")])
        case 3:
            return [nonsense(chance) for _ in range(chance.randint(1, 3))]
        case 4:
            return {_nonsense_text(chance): nonsense(chance)}
        case 5:
            return nested(chance.choice([3, 50, 200]), as_list=chance.random() < 0.5)
        case _:
            return _nonsense_text(chance)


def nested(depth: int, *, as_list: bool = False) -> object:
    value: object = "x"
    for _ in range(depth):
        value = [value] if as_list else {"reply_to_message": value}
    return value


def _nonsense_text(chance: Random) -> str:
    return chance.choice(
        [
            "",
            " ",
            "\0",
            "\ud83d",
            "\udc00 half a pair",
            "\u202eright to left",
            "\U000e0041\ufeff",
            "private",
            "/done",
            "/" * 40,
            "9" * 400,
            "x" * 5000,
            "'; drop table inbox; --",
            "{0.__class__} %s {person}",
            "**[a](tg://user?id=7)** `",
        ]
    )


def _paths(value: object, path: _Path = ()) -> Iterator[_Path]:
    steps: Sequence[tuple[str | int, object]] = ()
    if isinstance(value, dict):
        steps = list(value.items())
    elif isinstance(value, list):
        steps = list(enumerate(value))
    if len(path) > 12:
        return
    for step, inner in steps:
        yield (*path, step)
        yield from _paths(inner, (*path, step))


def _at(value: Any, path: _Path) -> Any:
    for step in path:
        value = value[step]
    return value
