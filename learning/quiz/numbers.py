"""Read the number somebody typed: units, Chinese numerals, fractions, powers, `1e6`, 约 3.2G."""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_SUPERSCRIPT = re.compile("[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_VULGAR = re.compile("(?<=[0-9])(?=[¼½¾⅐-⅞])")

_BEFORE = re.compile(
    r"^(?:答案|结果|我觉得|我认为|我猜|我算的?|算出来|得到?|应该|大概|大约|估计|可能|差不多|约|是|为|等于"
    r"|the answer|answer|result|i think|i guess|i get|i got|it'?s|it is|is|that'?s|about|around"
    r"|roughly|approximately|approx\.?|maybe|probably|nearly|equals|[=≈~:,，])\s*",
    re.I,
)
_AFTER = re.compile(r"\s*(?:左右|上下|吧|呢|哦|啊|了|or so|i think|i guess|[.。!！,，~])$", re.I)

_DIGITS = r"(?:[0-9]{1,3}(?:[,' ][0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+"
_FACTOR = rf"(?:{_DIGITS})(?:e[+-]?[0-9]+)?(?:\s*(?:\^|\*\*)\s*\(?[+-]?[0-9]+\)?)?"
_PRODUCT = re.compile(
    rf"^(?P<sign>[+-]?)\s*(?:(?P<whole>[0-9]+) (?P<over>[0-9]+)\s*/\s*(?P<under>[0-9]+)"
    rf"|(?P<product>{_FACTOR}(?:\s*[*x/+]\s*{_FACTOR})*))\s*(?P<rest>.*)$",
    re.I,
)
_STEP = re.compile(rf"([*x/])?\s*({_FACTOR})", re.I)
_POWER = re.compile(r"\s*(?:\^|\*\*)\s*\(?")
MOST_POWER = 300

_CHINESE = "零〇一二两三四五六七八九十百千万亿点负"
_PARTS = re.compile(f"([{_CHINESE}0-9.]+)分之([{_CHINESE}0-9.]+)")
_NUMERAL = re.compile(f"^(?:(?=.*[{_CHINESE}])[{_CHINESE}0-9.]+)")
_MIXED = re.compile("^[0-9.]+[十百千万亿]+$")

# A mere magnitude behind a number, in either language.
_MAGNITUDES = {
    "k": 1e3,
    "thousand": 1e3,
    "w": 1e4,  # 万 as typed
    "m": 1e6,
    "mn": 1e6,
    "million": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "g": 1e9,
    "billion": 1e9,
    "t": 1e12,
    "trillion": 1e12,
}
_PREFIXES = "kmgtp"
_SECONDS = {
    "ns": 1e-9,
    "纳秒": 1e-9,
    "us": 1e-6,
    "µs": 1e-6,
    "μs": 1e-6,
    "微秒": 1e-6,
    "ms": 1e-3,
    "毫秒": 1e-3,
    "s": 1.0,
    "sec": 1.0,
    "second": 1.0,
    "seconds": 1.0,
    "秒": 1.0,
    "秒钟": 1.0,
    "min": 60.0,
    "minute": 60.0,
    "minutes": 60.0,
    "分钟": 60.0,
    "h": 3600.0,
    "hour": 3600.0,
    "hours": 3600.0,
    "小时": 3600.0,
}
# What people count; whatever else stands behind a number makes it a remark.
_COUNTED = re.compile(
    r"(?:个|块|次|步|层|维|张|条|轮|道|元|美元|刀|块钱|人|倍|分|天|台|份|篇|位|页|行|列|字|词|对|组"
    r"|套|枚|比特|字节|请求|参数|样本)*\s*"
    r"(?:tokens?|params?|parameters?|chunks?|steps?|gpus?|cards?|samples?|flops?|[gtpmk]flops?"
    r"|dollars?|usd|cents?|yuan|rmb|requests?|blocks?|pages?|items?|words?|bits?|times|x|dims?"
    r"|dimensions?|layers?|heads?|turns?|elements?|weights?|replicas?|pixels?|px|numbers?"
    r"|tokens?/s(?:ec)?|[kmgt]?i?b/s|/s|per second|°c?|degrees?|rad)?",
    re.I,
)
_ASKS = re.compile(r"[?？]")
_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with what stood behind it, in small letters; `unit` may be empty."""

    value: float
    unit: str = ""


def amount_in(text: str, units: Sequence[str] = ()) -> Amount | None:
    """The one number that a text consists of, besides words such as 约 and a unit.

    `units` are taken besides the usual ones. None for everything else, so that a question or a
    remark is not taken for an answer.
    """
    if len(text) > LONGEST:
        return None
    said = _plain(text)
    if not said or _ASKS.search(said):
        return None
    said = re.sub(r"^(?:负|minus)\s*(?=[0-9.])", "-", _without_small_talk(said), flags=re.I)
    if said.lower() in _WORDS:
        return Amount(float(_WORDS.index(said.lower())))
    if said in {"半", "一半", "half"}:
        return Amount(0.5)
    said = _digits(said)
    found = _PRODUCT.match(said)
    if found is None:
        return None
    value = _value(found)
    unit = found["rest"].strip().lower()
    if value is None or not _is_unit(unit, units):
        return None
    return Amount(-value if found["sign"] == "-" else value, unit.replace(" ", ""))


def _is_unit(unit: str, units: Sequence[str]) -> bool:
    bare = unit.replace(" ", "")
    known = {one.lower().replace(" ", "") for one in units}
    return (
        bare in known
        or (bare.startswith("%") and bare[1:] in {"", *known})
        or bare in _SECONDS
        or bare in _PREFIXES
        or _bytes(bare) is not None
        or _counted(bare)
    )


def _counted(unit: str) -> bool:
    """A magnitude, a counting word, or both, as in `million parameters`."""
    magnitude, rest = _magnitude(unit)
    return _COUNTED.fullmatch(rest if magnitude is not None else unit) is not None


def readings(amount: Amount, unit: str) -> tuple[float, ...]:
    """What an amount can mean where the answer counts `unit`, the likeliest first.

    `3.2G`, `3.2 GB` and `3277 MiB` are all read as about 3.2 where the unit is GiB; `75%` is 75
    where the unit is % and 0.75 elsewhere.
    """
    value, said, wanted = amount.value, amount.unit, unit.lower().replace(" ", "")
    if said.startswith("%"):
        return (value,) if wanted == "%" else (value / 100, value)
    if not said or (said not in _SECONDS and _bytes(said) is None and _magnitude(said)[0] is None):
        is_share = wanted == "%" and abs(value) <= 1
        # Written out in full, as 124,000,000 where millions are counted.
        whole = _magnitude(wanted)[0] or _bytes(wanted) or 1.0
        return (value, value * 100 if is_share else value / whole)
    if said == wanted:
        return (value,)
    if _bytes(wanted) is not None and (_bytes(said) or said in _PREFIXES):
        return _readings_of_bytes(value, said, wanted)
    if wanted in _SECONDS and said in _SECONDS:
        return (value * _SECONDS[said] / _SECONDS[wanted],)
    magnitude, rest = _magnitude(said)
    if magnitude is None:
        return (value,)
    own, _ = _magnitude(wanted)
    scaled = value * magnitude / (own or 1.0)
    return (scaled, value) if own is None and wanted and not rest else (scaled,)


def _readings_of_bytes(value: float, said: str, wanted: str) -> tuple[float, ...]:
    """People write GB for GiB, so a unit with the same prefix is taken as it stands first."""
    if said in _PREFIXES:
        said = f"{said}ib" if "i" in wanted else f"{said}b"
    size, own = _bytes(said), _bytes(wanted)
    if size is None or own is None:
        return (value,)
    exact = value * size / own
    in_steps = value * 1024.0 ** (_step(said) - _step(wanted))
    return (value, exact) if said[0] == wanted[0] else (in_steps, exact)


def _bytes(unit: str) -> float | None:
    """How many bytes a unit such as `gib` or `mb` has."""
    if unit in {"b", "byte", "bytes", "字节"}:
        return 1.0
    found = re.fullmatch(rf"([{_PREFIXES}])(i?)b", unit)
    if found is None:
        return None
    return float(1024 if found[2] else 1000) ** _step(unit)


def _step(unit: str) -> int:
    return _PREFIXES.find(unit[0]) + 1 if unit[-1] == "b" and len(unit) > 1 else 0


def _magnitude(unit: str) -> tuple[float | None, str]:
    """A leading word such as `million` or `k`, and what stands behind it."""
    if unit in _MAGNITUDES:
        return _MAGNITUDES[unit], ""
    for word in ("thousand", "million", "billion", "trillion"):
        if unit.startswith(word):
            return _MAGNITUDES[word], unit.removeprefix(word)
    counted = re.fullmatch(r"(k|m|b|t)(tokens?|params?|parameters?|flops?|steps?)", unit)
    return (_MAGNITUDES[counted[1]], counted[2]) if counted else (None, unit)


def _plain(text: str) -> str:
    marked = _SUPERSCRIPT.sub(lambda found: "^" + found[0].translate(_SUPERSCRIPTS), text)
    plain = unicodedata.normalize("NFKC", _VULGAR.sub(" ", marked)).strip()
    for sign, instead in {"⁄": "/", "÷": "/", "×": "*", "·": "*", "−": "-", "–": "-"}.items():
        plain = plain.replace(sign, instead)
    return plain


def _without_small_talk(text: str) -> str:
    """Leave out 约, 我觉得是, 左右 and the like, as often as they stand there."""
    while (shorter := _AFTER.sub("", _BEFORE.sub("", text.strip(), 1), 1)) != text:
        text = shorter
    return text.strip()


def _digits(text: str) -> str:
    """Chinese numerals as digits: 百分之七十五, 四分之三, 一万二, 3千5, 1.2 亿."""
    text = re.sub(r"(?<=[0-9]) (?=[十百千万亿])", "", text)
    share = _PARTS.match(text)
    if share is not None:
        under, over = _numeral(share[1]), _numeral(share[2])
        if under and over is not None:
            is_percent = share[1] == "百"
            rest = text[share.end() :]
            return f"{over!r}%{rest}" if is_percent else f"{over!r}/{under!r}{rest}"
    found = _NUMERAL.match(text)
    if found is None:
        return text
    value = _numeral(found[0])
    return text if value is None else f"{value!r}{text[found.end() :]}"


def _numeral(text: str) -> float | None:
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", text):
        return float(text)
    if text == "百":
        return 100.0
    if _MIXED.match(text):
        digits = text.rstrip("十百千万亿")
        if not re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", digits):
            return None
        whole = _numeral("一" + text[len(digits) :]) or 1.0
        return float(digits) * whole
    # Its dictionaries take a tenth of a second to load, and most answers have digits.
    from cn2an import cn2an  # noqa: PLC0415

    try:
        return float(cn2an(text, "smart"))
    except (ValueError, KeyError, OverflowError):
        # What it finds odd it says in one of these three ways.
        return None


def _value(found: re.Match[str]) -> float | None:
    try:
        if found["whole"]:
            return int(found["whole"]) + int(found["over"]) / int(found["under"])
        value = sum(map(_product, found["product"].replace("e+", "e").split("+")))
    except (ZeroDivisionError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def _product(text: str) -> float:
    value = 1.0
    for sign, factor in _STEP.findall(text):
        number = _factor(factor)
        value = value / number if sign == "/" else value * number
    return value


def _factor(text: str) -> float:
    base, *power = _POWER.split(text, 1)
    number = float(re.sub("[,' ]", "", base))
    if not power:
        return number
    exponent = int(power[0].rstrip(")"))
    if abs(exponent) > MOST_POWER:
        raise OverflowError
    return float(number**exponent)
