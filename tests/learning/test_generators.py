"""Items with fresh numbers: every answer is counted again in another way, step by step."""

import math
import struct
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations, product
from random import Random
from statistics import fmean, harmonic_mean
from typing import Any

import pytest

from learning.quiz.drawn import Drawn
from learning.quiz.draws import GENERATORS
from learning.quiz.generators import CHOICE_EVERY, made, spelled
from learning.quiz.grading import Given, Verdict, answer_of, grade
from learning.quiz.items import ChoiceItem, NumericItem, Recipe
from learning.quiz.lint import item_problems
from tests.builders import built_in

SEEDS = range(30)
MANY_SEEDS = range(400)
# Every third seed gives a choice where there are enough wrong numbers.
CHOICE_SEEDS = range(0, 180, CHOICE_EVERY)
FEWEST_STEMS = 60

Values = dict[str, Any]


def recipe_of(id: str) -> Recipe:
    return built_in().bank.recipes[id]


def drawn_by(id: str, seed: int) -> Drawn:
    return GENERATORS[id](Random(f"{id}:{seed}"))


def numeric(id: str) -> list[NumericItem]:
    items = (made(recipe_of(id), seed) for seed in SEEDS)
    return [item for item in items if isinstance(item, NumericItem)]


def size_of(*shapes: tuple[int, ...]) -> int:
    return sum(math.prod(shape) for shape in shapes)


def multiply_adds(rows: int, inner: int, columns: int) -> int:
    return 2 * rows * inner * columns


# Transformers


def count_attention_parameters(v: Values) -> float:
    size = v["width"] // v["heads"]
    per_head = size_of(*[(v["width"], size)] * 3)
    return sum(per_head for _ in range(v["heads"])) + size_of((v["width"], v["width"]))


def fill_kv_cache(v: Values) -> float:
    kept = 0
    for _layer in range(v["layers"]):
        for _keys_or_values in range(2):
            kept += 2 * size_of((v["batch"], v["kv_heads"], v["tokens"], v["size"]))
    return kept / 1024**3


def count_gpt2_tensors(v: Values) -> float:
    width, inner = v["width"], v["inner"]
    attention = size_of((width, 3 * width), (3 * width,), (width, width), (width,))
    mlp = size_of((width, inner), (inner,), (inner, width), (width,))
    norms = size_of(*[(width,)] * 4)
    return sum(attention + mlp + norms for _ in range(v["layers"])) / 1e6


def pass_through_experts(v: Values) -> float:
    used = 0
    for _layer in range(v["layers"]):
        for _expert in list(range(v["experts"]))[: v["chosen"]]:
            gate = up = (v["width"], v["inner"])
            used += size_of(gate, up, (v["inner"], v["width"]))
    return used / 1e9


def compare_vocabularies(v: Values) -> float:
    def tables(tokens: int) -> int:
        return size_of((tokens, v["width"]), (v["width"], tokens))

    return (tables(v["new"]) - tables(v["old"])) / 1e6


def multiply_head_by_head(v: Values) -> float:
    tokens, size = v["tokens"], v["size"]
    done = 0
    for _head in range(v["heads"]):
        done += multiply_adds(tokens, size, tokens) + multiply_adds(tokens, tokens, size)
    return done / 1e9


def turn_position_by_position(v: Values) -> float:
    turn = math.exp(-2 * v["pair"] / v["size"] * math.log(v["base"]))
    return math.fsum(turn for _ in range(v["position"]))


# Training


def step_down_the_slope(v: Values) -> float:
    def loss(weight: float) -> float:
        return float((weight * v["x"] - float(v["y"])) ** 2)

    # Exact for a parabola, whatever the distance.
    slope = loss(v["weight"] + 0.5) - loss(v["weight"] - 0.5)
    return float(v["weight"] - v["rate"] * slope)


def shorten_the_arrow(v: Values) -> float:
    arrow = complex(v["first"], v["second"])
    assert abs(arrow) > v["most"]
    return float((arrow / abs(arrow) * v["most"]).real)


def train_batch_by_batch(v: Values) -> float:
    updates = 0
    for _epoch in range(v["epochs"]):
        gathered = 0
        for _batch in range(0, v["samples"], v["batch"] * v["gpus"]):
            gathered += 1
            if gathered == v["accumulation"]:
                updates, gathered = updates + 1, 0
        assert gathered == 0
    return updates


def warm_up_and_cool_down(v: Values) -> float:
    peak = 1 / math.sqrt(v["width"] * v["warmup"])
    if v["step"] <= v["warmup"]:
        return float(peak * v["step"] / v["warmup"])
    return peak * math.sqrt(v["warmup"] / v["step"])


def follow_half_a_wave(v: Values) -> float:
    after_warmup = len(range(v["warmup"], v["step"]))
    until_the_end = len(range(v["warmup"], v["total"]))
    height = math.cos(math.pi / 2 * after_warmup / until_the_end) ** 2
    return float(v["floor"] + height * (100 - v["floor"]))


def keep_all_for_training(v: Values) -> float:
    bits = {"weight": 16, "gradient": v["gradient_bits"], "master": 32}
    bits |= {"m": v["state_bits"], "v": v["state_bits"]}
    return float(v["billions"] * sum(bits.values()) / 8)


def hang_on_adapters(v: Values) -> float:
    trained = 0
    for _layer in range(v["layers"]):
        for outputs in (v["width"], v["kv_width"]):
            trained += size_of((v["rank"], v["width"]), (outputs, v["rank"]))
    return trained / 1e6


def train_day_by_day(v: Values) -> float:
    parameters, tokens = v["billions"] * 1e9, v["tokens"] * 1e9
    forward, gradients_of_inputs, gradients_of_weights = (2 * parameters,) * 3
    operations = forward + gradients_of_inputs + gradients_of_weights
    second = v["gpus"] * v["peak"] * 1e12 * v["used"] / 100
    tokens_a_day = second * 60 * 60 * 24 / operations
    return float(tokens / tokens_a_day)


def pass_slices_around(v: Values) -> float:
    """Each GPU knows for every slice whose gradients are summed in it."""
    gpus = v["gpus"]
    known = [[{gpu} for _ in range(gpus)] for gpu in range(gpus)]
    sent = 0
    for turn in range(2 * (gpus - 1)):
        passed = [(gpu - turn) % gpus for gpu in range(gpus)]
        sums = [known[gpu][passed[gpu]] for gpu in range(gpus)]
        for gpu in range(gpus):
            known[(gpu + 1) % gpus][passed[gpu]] = known[(gpu + 1) % gpus][passed[gpu]] | sums[gpu]
        sent += 1
    assert all(len(one) == gpus for slices in known for one in slices)
    return float(sent * v["billions"] * v["bits"] / 8 / gpus)


def split_among_gpus(v: Values) -> float:
    kept: float = 0
    for split_from_stage, size in ((3, 2), (2, 2), (1, 12)):
        kept += size / v["gpus"] if v["stage"] >= split_from_stage else size
    return float(kept * v["billions"])


def run_the_pipeline(v: Values) -> float:
    stages, batches = v["stages"], v["batches"]
    ends = [[0] * (batches + 1) for _ in range(stages + 1)]
    for stage, batch in product(range(1, stages + 1), range(1, batches + 1)):
        ends[stage][batch] = max(ends[stage - 1][batch], ends[stage][batch - 1]) + 1
    return float(100 * (1 - batches / ends[-1][-1]))


# Networks


def slide_the_window(v: Values) -> float:
    places, start = 0, -v["padding"]
    while start + v["kernel"] <= v["side"] + v["padding"]:
        places, start = places + 1, start + v["stride"]
    return places


def count_kernels(v: Values) -> float:
    parameters = 0
    for _output in range(v["outputs"]):
        for _input in range(v["inputs"]):
            parameters += sum(1 for _ in product(range(v["kernel"]), repeat=2))
        parameters += 1
    return parameters


def trace_back_to_the_image(v: Values) -> float:
    first = last = 0
    for kernel, stride in reversed(list(zip(v["kernels"], v["strides"], strict=True))):
        first, last = first * stride, last * stride + kernel - 1
    return last - first + 1


def connect_neuron_by_neuron(v: Values) -> float:
    parameters, before = 0, v["inputs"]
    for layer in (v["first"], v["second"], v["outputs"]):
        for _neuron in range(layer):
            parameters += before + 1
        before = layer
    return parameters


def count_gates(v: Values) -> float:
    hidden, inputs = v["hidden"], v["inputs"]
    names = ("input", "forget", "output", "candidate")
    return sum(size_of((hidden, inputs), (hidden, hidden), (hidden,)) for _ in names)


def add_element_by_element(v: Values) -> float:
    x = [[[1] * v["last"]] for _ in range(v["first"])]
    y = [[2] * v["last"] for _ in range(v["middle"])]
    z = [[[a + b for a, b in zip(row[0], other, strict=True)] for other in y] for row in x]
    return sum(len(row) for plane in z for row in plane)


# Probability


def lose_against_the_others(v: Values) -> float:
    right = v["logits"][v["place"] - 1]
    return math.log(sum(math.exp(one - right) for one in v["logits"]))


def exponentiate_mean_loss(v: Values) -> float:
    return float(2 ** fmean(-math.log2(one) for one in v["shares"]))


def race_at_a_temperature(v: Values) -> float:
    first = v["logits"][0]
    return 100 / sum(math.exp((one - first) / v["temperature"]) for one in v["logits"])


def keep_until_enough(v: Values) -> float:
    kept: list[Fraction] = []
    for share in v["shares"]:
        if sum(kept) < Fraction(str(v["most"])):
            kept.append(Fraction(str(share)))
    return float(100 * kept[0] / sum(kept))


def weigh_twentieths(v: Values) -> float:
    counts: list[int] = [round(20 * one) for one in v["shares"]]
    assert sum(counts) == 20
    return math.log2(20) - sum(one * math.log2(one) for one in counts) / 20


def sort_a_million_messages(v: Values) -> float:
    injections = Fraction(str(v["base"])) * 10_000
    flagged_injections = injections * v["caught"] / 100
    flagged_others = (1_000_000 - injections) * v["false"] / 100
    return float(100 * flagged_injections / (flagged_injections + flagged_others))


def try_all_outcomes(v: Values) -> float:
    expected = 0.0
    for outcome in product([True, False], repeat=v["guesses"]):
        chance = math.prod(v["alpha"] if one else 1 - v["alpha"] for one in outcome)
        accepted = next((n for n, one in enumerate(outcome) if not one), len(outcome))
        expected += chance * (accepted + 1)
    return expected


# Text and retrieval


def merge_in_plain_text(v: Values) -> float:
    words = {" ".join(word): int(n) for word, n in map(str.split, v["corpus"].splitlines())}
    for expected in (v["first"], v["second"]):
        pairs: Counter[str] = Counter()
        for word, times in words.items():
            tokens = word.split()
            for n in range(len(tokens) - 1):
                pairs[f"{tokens[n]} {tokens[n + 1]}"] += times
        pair, most = max(pairs.items(), key=lambda one: one[1])
        assert list(pairs.values()).count(most) == 1
        assert pair.replace(" ", "") == expected
        words = {
            f" {word} ".replace(f" {pair} ", f" {expected} ").strip(): times
            for word, times in words.items()
        }
    return sum(len(word.split()) * times for word, times in words.items())


def cut_chunk_by_chunk(v: Values) -> float:
    chunks, end = 1, v["size"]
    while end < v["tokens"]:
        chunks, end = chunks + 1, end - v["overlap"] + v["size"]
    return chunks


def compare_directions(v: Values) -> float:
    one, two = ([part / math.hypot(*vector) for part in vector] for vector in (v["one"], v["two"]))
    return 1 - math.dist(one, two) ** 2 / 2


def fuse_two_lists(v: Values) -> float:
    lists = [["other"] * 50 for _ in range(2)]
    lists[0][v["first"] - 1] = lists[1][v["second"] - 1] = "document"
    score = 0.0
    for results in lists:
        for rank, name in enumerate(results, 1):
            score += 1 / (rank + 60) if name == "document" else 0
    return score


def pack_vectors(v: Values) -> float:
    size = struct.calcsize(f"={v['size']}f") + struct.calcsize(f"={2 * v['links']}i")
    return float(v["millions"] * 1e6 * size / 1e9)


# Evaluation


def label_one_by_one(v: Values) -> float:
    pairs = [(1, 1)] * v["hits"] + [(0, 1)] * v["alarms"] + [(1, 0)] * v["missed"]
    pairs += [(0, 0)] * v["rest"]
    precision = fmean(truth for truth, said in pairs if said)
    recall = fmean(said for truth, said in pairs if truth)
    return 100 * harmonic_mean([precision, recall])


def match_words(v: Values) -> float:
    shared = [f"shared-{n}" for n in range(v["shared"])]
    reference = Counter(shared + ["mine"] * (v["reference"] - v["shared"]))
    candidate = Counter(shared + ["yours"] * (v["candidate"] - v["shared"]))
    both = (reference & candidate).total()
    return 100 * harmonic_mean([both / reference.total(), both / candidate.total()])


def take_words_from_a_bag(v: Values) -> float:
    bag, said = v["reference"].split(), v["candidate"].split()
    found = 0
    for word in said:
        if word in bag:
            bag.remove(word)
            found += 1
    return 100 * found / len(said)


def walk_down_to_the_first(v: Values) -> float:
    scores = [0.0] * v["missed"]
    for first in v["ranks"]:
        rank = 1
        while rank < first:
            rank += 1
        scores.append(1 / rank)
    assert len(scores) == v["questions"]
    return fmean(scores)


def look_at_the_first(v: Values) -> float:
    found = [place in v["places"] for place in range(1, 21)]
    assert sum(found) == len(v["places"]) < v["relevant"]
    return 100 * sum(found[: v["k"]]) / float(v["relevant"])


def draw_all_samples(v: Values) -> float:
    passing = [True] * v["right"] + [False] * (v["samples"] - v["right"])
    return 100 * fmean(any(drawn) for drawn in combinations(passing, v["k"]))


# Serving


def store_eight_at_a_time(v: Values) -> float:
    groups_of_eight = v["billions"] * 1e9 / 8
    return float(groups_of_eight * v["bits"] / 1e9)


def store_group_by_group(v: Values) -> float:
    group_bits = sum(v["bits"] for _ in range(v["group"])) + v["scale"]
    return float(v["billions"] * 1e9 / v["group"] * group_bits / 8 / 1e9)


def find_nearest_level(v: Values) -> float:
    numbers = [Fraction(str(one)) for one in v["numbers"]]
    scale = max(map(abs, numbers)) / 127
    value = Fraction(str(v["value"]))
    assert value in numbers
    return min(range(-127, 128), key=lambda level: abs(level * scale - value))


def find_level_of_zero(v: Values) -> float:
    low = Fraction(v["low"].replace("−", "-"))
    step = (Fraction(str(v["high"])) - low) / 255
    return min(range(256), key=lambda level: abs(low + level * step))


def read_weights_again_and_again(v: Values) -> float:
    seconds_a_token = v["billions"] * 1e9 * (v["bits"] / 8) / (v["bandwidth"] * 1e9)
    return float(1 / seconds_a_token)


def watch_tokens_arrive(v: Values) -> float:
    milliseconds = v["first"]
    for _token in range(v["tokens"] - 1):
        milliseconds += v["each"]
    return float(v["tokens"] / milliseconds * 1000)


def add_replicas_until_enough(v: Values) -> float:
    replicas = 0
    while replicas * v["slots"] * v["share"] < v["rate"] * v["seconds"] * 100:
        replicas += 1
    return replicas


def pay_request_by_request(v: Values) -> float:
    millionths = 0
    for _request in range(v["requests"]):
        millionths += v["read"] * v["price_in"] + v["written"] * v["price_out"]
    return millionths / 1e6


def pay_hits_and_misses(v: Values) -> float:
    paid = Fraction(0)
    for request in range(100):
        is_hit = request < v["hits"]
        paid += v["own"] * v["price"]
        paid += v["prefix"] * v["price"] * (Fraction(v["share"], 100) if is_hit else 1)
    return float(paid * v["requests"] / 100 / 1_000_000)


def watch_the_bucket(v: Values) -> float:
    """In thousandths of a token and of a second."""
    level, milliseconds = 1000 * v["capacity"], 0
    while level >= 1000 * v["size"]:
        level -= 1000 * v["size"]
    while level < 1000 * v["size"]:
        level, milliseconds = level + v["refill"], milliseconds + 1
    return milliseconds / 1000


def wait_again_and_again(v: Values) -> float:
    waited, wait = 0.0, v["first"]
    for _retry in range(v["retries"]):
        waited += min(wait, v["most"])
        wait *= 2
    return waited


def allocate_token_by_token(v: Values) -> float:
    blocks = 0
    for length in v["lengths"]:
        room = 0
        for _token in range(length):
            if room == 0:
                blocks, room = blocks + 1, v["block"]
            room -= 1
    return blocks


COUNTED_AGAIN: dict[str, Callable[[Values], float]] = {
    "attention-parameters": count_attention_parameters,
    "kv-cache-size": fill_kv_cache,
    "gpt2-stack-parameters": count_gpt2_tensors,
    "active-expert-parameters": pass_through_experts,
    "vocabulary-extension-parameters": compare_vocabularies,
    "attention-flops": multiply_head_by_head,
    "rope-angle": turn_position_by_position,
    "gradient-step": step_down_the_slope,
    "clipped-gradient": shorten_the_arrow,
    "optimizer-steps": train_batch_by_batch,
    "warmup-learning-rate": warm_up_and_cool_down,
    "cosine-learning-rate": follow_half_a_wave,
    "adamw-memory": keep_all_for_training,
    "lora-trainable-parameters": hang_on_adapters,
    "training-days": train_day_by_day,
    "ring-all-reduce": pass_slices_around,
    "zero-memory": split_among_gpus,
    "pipeline-bubble": run_the_pipeline,
    "conv-output-side": slide_the_window,
    "conv-parameters": count_kernels,
    "receptive-field": trace_back_to_the_image,
    "mlp-parameters": connect_neuron_by_neuron,
    "lstm-parameters": count_gates,
    "broadcast-elements": add_element_by_element,
    "cross-entropy-from-logits": lose_against_the_others,
    "perplexity-from-probabilities": exponentiate_mean_loss,
    "softmax-temperature": race_at_a_temperature,
    "top-p-probability": keep_until_enough,
    "entropy-in-bits": weigh_twentieths,
    "posterior-of-an-alarm": sort_a_million_messages,
    "speculative-tokens": try_all_outcomes,
    "tokens-after-bpe-merges": merge_in_plain_text,
    "chunk-count": cut_chunk_by_chunk,
    "cosine-similarity": compare_directions,
    "rank-fusion-score": fuse_two_lists,
    "vector-index-memory": pack_vectors,
    "f1-from-confusion-matrix": label_one_by_one,
    "rouge-1-f1": match_words,
    "bleu-unigram-precision": take_words_from_a_bag,
    "mean-reciprocal-rank": walk_down_to_the_first,
    "recall-at-k": look_at_the_first,
    "pass-at-k": draw_all_samples,
    "weight-memory": store_eight_at_a_time,
    "quantized-weight-memory": store_group_by_group,
    "int8-absmax-value": find_nearest_level,
    "uint8-zero-point": find_level_of_zero,
    "decode-speed-limit": read_weights_again_and_again,
    "output-tokens-per-second": watch_tokens_arrive,
    "replicas-needed": add_replicas_until_enough,
    "api-cost-per-day": pay_request_by_request,
    "cached-prompt-cost": pay_hits_and_misses,
    "token-bucket-wait": watch_the_bucket,
    "backoff-total-wait": wait_again_and_again,
    "paged-cache-blocks": allocate_token_by_token,
}

each_generator = pytest.mark.parametrize("id", GENERATORS)


def test_every_generator_has_words_and_every_words_a_generator() -> None:
    assert set(built_in().bank.recipes) == set(GENERATORS)


def test_every_answer_is_counted_again() -> None:
    assert set(COUNTED_AGAIN) == set(GENERATORS)


@each_generator
def test_the_answer_is_what_counting_it_another_way_gives(id: str) -> None:
    for seed in SEEDS:
        drawn = drawn_by(id, seed)
        counted = COUNTED_AGAIN[id](dict(drawn.values))

        assert drawn.answer == pytest.approx(counted, rel=1e-9), f"seed {seed}: {drawn.values}"


@each_generator
def test_the_same_seed_gives_the_same_item(id: str) -> None:
    assert [made(recipe_of(id), seed) for seed in SEEDS] == [
        made(recipe_of(id), seed) for seed in SEEDS
    ]


@each_generator
def test_other_seeds_give_other_questions(id: str) -> None:
    recipe = recipe_of(id)
    template = f"{recipe.stem.zh}\n{recipe.code or ''}"

    stems = {template.format(**drawn_by(id, seed).values) for seed in MANY_SEEDS}

    assert len(stems) >= FEWEST_STEMS


@each_generator
def test_every_mistake_has_words_and_leads_to_a_number(id: str) -> None:
    names = [one.name for one in recipe_of(id).mistakes]

    assert sorted(names) == sorted(drawn_by(id, 0).mistakes)
    assert 3 <= len(names) <= 5


@each_generator
def test_every_gap_is_filled(id: str) -> None:
    for seed in SEEDS:
        text = made(recipe_of(id), seed).model_dump_json(exclude={"kind"})

        assert "{answer}" not in text
        assert "{wrong}" not in text
        assert not any(f"{{{gap}" in text for gap in drawn_by(id, seed).values)


@each_generator
def test_a_mistake_never_leads_to_the_answer_or_to_that_of_another(id: str) -> None:
    for item in numeric(id):
        numbers = [item.answer, *(one.value for one in item.mistakes)]

        for one, two in combinations(numbers, 2):
            assert abs(one - two) > max(item.tolerance, 0.009) * min(abs(one), abs(two))


@each_generator
def test_most_seeds_leave_three_wrong_numbers_to_choose_from(id: str) -> None:
    choices = [isinstance(made(recipe_of(id), seed), ChoiceItem) for seed in CHOICE_SEEDS]

    assert sum(choices) > 0.75 * len(choices)


@each_generator
def test_a_choice_of_numbers_fits_a_poll_and_has_no_flaw(id: str) -> None:
    problems = [
        problem for seed in CHOICE_SEEDS for problem in item_problems(made(recipe_of(id), seed))
    ]

    assert problems == []


@each_generator
def test_the_explanation_fits_a_poll_whatever_is_drawn(id: str) -> None:
    for item in numeric(id):
        for words in (item.why, *(one.why for one in item.mistakes)):
            assert max(len(words.zh), len(words.en)) <= 200, words


@each_generator
def test_the_answer_as_it_is_spelled_is_right_with_and_without_its_unit(id: str) -> None:
    for item in numeric(id):
        number = spelled(item.answer)
        units = ("", item.unit.zh, item.unit.en) if item.unit else ("",)

        for unit in units:
            given = Given(text=f"{number} {unit}".strip())
            assert grade(item, answer_of(item), given).verdict is Verdict.RIGHT, given


@each_generator
def test_three_significant_digits_are_enough_where_the_answer_is_rounded(id: str) -> None:
    rounded = [item for item in numeric(id) if item.tolerance]

    for item in rounded:
        given = Given(text=f"{float(f'{item.answer:.3g}'):.15g}")
        assert grade(item, answer_of(item), given).verdict is Verdict.RIGHT, given


@each_generator
def test_a_known_mistake_is_recognised_by_its_number(id: str) -> None:
    for item in numeric(id):
        for mistake in item.mistakes:
            # A share from 0 to 1 is also read as percent, so 0.4 may well be the right 40%.
            if item.unit is not None and item.unit.en == "%" and abs(mistake.value) <= 1:
                continue
            graded = grade(item, answer_of(item), Given(text=spelled(mistake.value)))

            assert graded.mistake == mistake


@each_generator
def test_what_is_written_down_of_an_item_is_read_as_the_same(id: str) -> None:
    for seed in SEEDS:
        item = made(recipe_of(id), seed)

        assert type(item).model_validate(item.model_dump(mode="json")) == item
