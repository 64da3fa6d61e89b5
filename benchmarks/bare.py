"""A bot without an agent, as people write it: what the mentor's turns are measured beside.

`python -m benchmarks.bare --telegram URL --model URL/v1 --pasts FILE`, where FILE says for each
chat how many messages of its past are remembered.
"""

import argparse
import json
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from openai import AsyncOpenAI
from openai.types.chat import ChatCompletionMessageParam
from telegram import Message, Update
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters

from benchmarks.loopback import TOKEN
from benchmarks.talk import past

if TYPE_CHECKING:
    from telegram.ext import Application

SYSTEM = (
    "You are a patient tutor for people who learn large-model engineering. Answer in the "
    "learner's language, in short paragraphs that read well on a phone. Give small examples with "
    "numbers, say when you are not sure, and end with one question that checks understanding."
)
SECONDS_BETWEEN_EDITS = 1.0
REMEMBERED_BY_A_STRANGER = 10


class Bot:
    def __init__(self, model_url: str, pasts: dict[int, int], *, has_placeholder: bool) -> None:
        self._model = AsyncOpenAI(base_url=model_url, api_key="none")
        self._sizes = pasts
        self._has_placeholder = has_placeholder
        self._pasts: dict[int, deque[ChatCompletionMessageParam]] = {}

    def _past(self, chat: int) -> deque[ChatCompletionMessageParam]:
        if chat not in self._pasts:
            size = self._sizes.get(chat, REMEMBERED_BY_A_STRANGER)
            self._pasts[chat] = deque(maxlen=size)
            for number, text in enumerate(past(size if chat in self._sizes else 0)):
                if number % 2:
                    self._pasts[chat].append({"role": "assistant", "content": text})
                else:
                    self._pasts[chat].append({"role": "user", "content": text})
        return self._pasts[chat]

    async def reply(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer one message: the words appear as they come, once a second, and when all are there.

        Without a placeholder an answer that is whole within a second is sent once.
        """
        asked = update.message
        if asked is None or asked.text is None:
            return
        remembered = self._past(asked.chat_id)
        remembered.append({"role": "user", "content": asked.text})
        shown: Message | None = await asked.reply_text("…") if self._has_placeholder else None
        shown_text, shown_at = "", time.monotonic()
        text = ""
        stream = await self._model.chat.completions.create(
            model="fake",
            messages=[{"role": "system", "content": SYSTEM}, *remembered],
            stream=True,
        )
        async for chunk in stream:
            if chunk.choices:
                text += chunk.choices[0].delta.content or ""
            if text and time.monotonic() >= shown_at + SECONDS_BETWEEN_EDITS:
                if shown is None:
                    shown = await asked.reply_text(text)
                else:
                    await shown.edit_text(text)
                shown_text, shown_at = text, time.monotonic()
        if shown is None:
            await asked.reply_text(text)
        elif text != shown_text:
            await shown.edit_text(text)
        remembered.append({"role": "assistant", "content": text})


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--telegram", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--pasts", type=Path, required=True)
    parser.add_argument("--placeholder", action="store_true")
    chosen = parser.parse_args()
    pasts = {int(chat): size for chat, size in json.loads(chosen.pasts.read_text()).items()}
    bot = Bot(chosen.model, pasts, has_placeholder=chosen.placeholder)
    application: Application = (  # type: ignore[type-arg]
        ApplicationBuilder()
        .token(TOKEN)
        .base_url(f"{chosen.telegram}/bot")
        .concurrent_updates(True)  # noqa: FBT003 -- PTB's own way to say it
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, bot.reply))
    application.run_polling()


if __name__ == "__main__":
    main()
