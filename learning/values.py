"""What all authored data is made of: frozen values, ids, and words in both languages."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from typing_extensions import override

type_id = r"^[a-z0-9]+(?:[-.][a-z0-9]+)*$"
Id = Annotated[str, Field(pattern=type_id, max_length=64)]
Line = Annotated[str, Field(min_length=1, max_length=400)]
Url = Annotated[str, Field(pattern=r"^https://\S+$", max_length=400)]
Level = Annotated[int, Field(ge=1, le=5)]
Language = Literal["zh", "en"]


_GIVEN: set[str] = set()


class Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="after")
    def _forget_what_was_given(self) -> Self:
        """Let all values share one empty set of "fields that were given".

        Pydantic keeps one for each value; over 17,000 of them they were a third of the memory of
        all curricula, and nobody asks them.
        """
        object.__setattr__(self, "__pydantic_fields_set__", _GIVEN)
        return self

    def changed(self, **changes: object) -> Self:
        """A copy with other values, which are not checked again."""
        copy = self.model_copy(update=changes)
        object.__setattr__(copy, "__pydantic_fields_set__", _GIVEN)
        return copy


class Bilingual(Value):
    """A text in both languages. An author may write a plain one, which then stands for both."""

    @model_validator(mode="before")
    @classmethod
    def _plain_text_stands_for_both(cls, written: object) -> object:
        return {"zh": written, "en": written} if isinstance(written, str) else written

    @override
    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        in_both = handler(core_schema)
        # What has an id as well cannot be written as a plain text.
        if set(cls.model_fields) != {"zh", "en"}:
            return in_both
        return {"anyOf": [{"type": "string", "minLength": 1}, in_both]}


class Words(Bilingual):
    """One sentence or short paragraph in both languages."""

    zh: Line
    en: Line

    def in_language(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


class Explanation(Bilingual):
    """Two to five sentences in each language."""

    zh: Annotated[str, Field(min_length=20, max_length=900)]
    en: Annotated[str, Field(min_length=40, max_length=1600)]

    def in_language(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


class Template(Bilingual):
    """A text to copy and fill in: a README, a résumé, a diagram."""

    zh: Annotated[str, Field(min_length=1, max_length=3000)]
    en: Annotated[str, Field(min_length=1, max_length=3000)]

    def in_language(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en
