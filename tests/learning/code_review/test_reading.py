"""A file is read as its values flow: through names, self, helpers, modules and branches."""

import ast

import pytest

from learning.code_review.reading import MOST_ORIGINS, Reading
from learning.code_review.vocabulary import Role


def read(code: str) -> Reading:
    return Reading(ast.parse(code), code)


def asked(reading: Reading, name: str = "ask") -> ast.expr:
    """What the example hands to `ask(...)`."""
    return next(
        call.args[0]
        for call in reading.all(ast.Call)
        if isinstance(call.func, ast.Name) and call.func.id == name
    )


def origins(code: str) -> list[str]:
    """The names of what may have made the argument of `ask`, in no order."""
    reading = read(code)
    return sorted(one.name for one in reading.origins(asked(reading)))


def test_a_name_is_followed_to_the_call_that_made_it() -> None:
    assert origins("import torch\nx = torch.relu(y)\nz = x\nask(z)") == ["torch.relu"]


def test_of_two_values_of_a_name_the_later_one_counts() -> None:
    assert origins("x = torch.relu(y)\nx = torch.tanh(y)\nask(x)\nx = torch.exp(y)") == [
        "torch.tanh"
    ]


def test_a_method_that_keeps_what_a_value_is_is_passed_through() -> None:
    assert origins("x = torch.relu(y)\nask(x.view(2, 3).float().T)") == ["torch.relu"]


def test_self_is_followed_to_where_another_method_set_it() -> None:
    code = """
class Net:
    def __init__(self):
        self.scores = torch.relu(y)

    def show(self):
        ask(self.scores)
"""
    assert origins(code) == ["torch.relu"]


def test_what_a_module_registers_under_a_name_is_its_attribute() -> None:
    code = """
class Net(nn.Module):
    def __init__(self):
        self.register_buffer("mask", torch.tril(torch.ones(3, 3)))

    def forward(self):
        ask(self.mask)
"""
    assert origins(code) == ["torch.tril"]


def test_what_the_class_body_sets_is_an_attribute_too() -> None:
    code = """
class Net:
    act = torch.nn.ReLU()

    def forward(self, x):
        ask(self.act(x))
"""
    assert origins(code) == ["torch.nn.ReLU"]


def test_a_parameter_is_what_the_callers_pass_by_place_or_by_name() -> None:
    code = """
def use(a, b):
    ask(b)

use(1, torch.relu(y))
use(b=torch.tanh(y), a=1)
"""
    assert origins(code) == ["torch.relu", "torch.tanh"]


def test_a_parameter_nobody_passes_is_its_default() -> None:
    assert origins("def use(a=torch.relu(y)):\n    ask(a)\n\nuse()") == ["torch.relu"]


def test_a_parameter_of_a_method_is_counted_without_self() -> None:
    code = """
class Net:
    def use(self, x):
        ask(x)

    def run(self):
        self.use(torch.relu(y))
"""
    assert origins(code) == ["torch.relu"]


def test_a_parameter_of_the_constructor_is_what_the_class_is_called_with() -> None:
    code = """
class Net:
    def __init__(self, act):
        self.act = act

    def forward(self, x):
        ask(self.act(x))

Net(torch.nn.Sigmoid())
"""
    assert origins(code) == ["torch.nn.Sigmoid"]


def test_callers_that_call_a_value_passed_in_are_known_when_it_is_followed() -> None:
    code = """
def train(step):
    ask(step(1))

def first(x):
    return torch.relu(x)

train(first)
"""
    reading = read(code)
    function = reading.all(ast.FunctionDef)[0]
    reading.calls_of(function)

    parameter = function.args.args[0]

    assert [ast.unparse(one) for one in reading.passed_for(parameter)] == ["first"]


def test_a_helper_gives_what_it_returns() -> None:
    code = """
def helper(x):
    y = torch.relu(x)
    return y

ask(helper(1))
"""
    assert origins(code) == ["torch.relu"]


def test_a_helper_that_hands_back_its_parameter_gives_what_this_call_passed() -> None:
    code = """
def flat(x):
    return x.view(-1)

other = flat(torch.softmax(y, 1))
ask(flat(torch.relu(y)))
"""
    assert origins(code) == ["torch.relu"]


def test_of_what_a_helper_returns_as_a_tuple_the_unpacked_place_counts() -> None:
    code = """
def both():
    return torch.relu(y), torch.tanh(y)

a, b = both()
ask(b)
"""
    assert origins(code) == ["torch.tanh"]


def test_a_tuple_given_by_a_helper_can_be_taken_by_its_place() -> None:
    code = "def both():\n    return torch.relu(y), torch.tanh(y)\n\nask(both()[1])"
    assert origins(code) == ["torch.tanh"]


def test_names_unpacked_from_a_written_tuple_take_their_own_value() -> None:
    assert origins("a, b = torch.relu(y), torch.tanh(y)\nask(a)") == ["torch.relu"]


def test_a_module_of_the_file_gives_what_its_forward_returns() -> None:
    code = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 2)

    def forward(self, x):
        return self.fc(x)

net = Net()
ask(net(x))
"""
    assert origins(code) == ["torch.nn.Linear"]


def test_a_forward_of_a_base_class_is_followed() -> None:
    code = """
class Base(nn.Module):
    def forward(self, x):
        return torch.relu(x)

class Net(Base):
    pass

ask(Net()(x))
"""
    assert origins(code) == ["torch.relu"]


@pytest.mark.parametrize(
    "made",
    [
        "nn.Sequential(nn.Linear(2, 2), nn.Softmax(dim=1))",
        "nn.Sequential(OrderedDict([('a', nn.Linear(2, 2)), ('b', nn.Softmax(dim=1))]))",
        "nn.Sequential(*[nn.Linear(2, 2), nn.Softmax(dim=1)])",
        "nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.ReLU(), nn.Softmax(dim=1)))",
    ],
)
def test_a_sequential_gives_what_its_last_layer_gives(made: str) -> None:
    assert origins(f"net = {made}\nask(net(x))") == ["torch.nn.Softmax"]


def test_a_sequential_filled_through_a_list_has_its_layers() -> None:
    code = """
layers = [nn.Linear(2, 2)]
layers.append(nn.ReLU())
layers += [nn.Linear(2, 2), nn.Softmax(dim=1)]
net = nn.Sequential(*layers)
layers.append(nn.Tanh())
ask(net(x))
"""
    reading = read(code)
    made = next(call for call in reading.all(ast.Call) if reading.short(call) == "Sequential")

    assert [reading.short(one) for one in reading.layers(made)] == [
        "Linear",
        "ReLU",
        "Linear",
        "Softmax",
    ]
    assert origins(code) == ["torch.nn.Softmax"]


def test_a_last_layer_added_under_an_if_may_be_missing() -> None:
    code = """
layers = [nn.Linear(2, 2)]
if soft:
    layers.append(nn.Softmax(dim=1))
ask(nn.Sequential(*layers)(x))
"""
    assert origins(code) == ["torch.nn.Linear", "torch.nn.Softmax"]


def test_a_sequential_of_unknown_layers_says_no_more_than_that() -> None:
    reading = read("net = nn.Sequential(*build())\nask(net(x))")

    [origin] = reading.origins(asked(reading))

    assert origin.name == "torch.nn.Sequential"
    assert reading.layers(reading.all(ast.Call)[0]) == []


def test_a_layer_applied_twice_is_known_both_times() -> None:
    code = """
class Net(nn.Module):
    def __init__(self):
        self.act = nn.ReLU()

    def forward(self, x):
        if self.training:
            y = self.act(x)
        else:
            y = self.act(-x)
        ask(y)
"""
    assert origins(code) == ["torch.nn.ReLU", "torch.nn.ReLU"]


def test_a_layer_made_and_a_layer_applied_are_told_apart() -> None:
    reading = read("layer = nn.Softmax(dim=1)\nask(layer(x))\ntell(layer)")

    [applied] = reading.origins(asked(reading))
    [made] = reading.origins(asked(reading, "tell"))

    assert applied.layer is made.node
    assert made.layer is None


@pytest.mark.parametrize("act", ["torch.sigmoid", "lambda x: torch.sigmoid(x)"])
def test_a_function_kept_under_a_name_is_known_where_it_is_applied(act: str) -> None:
    assert origins(f"act = {act}\nask(act(y))") == ["torch.sigmoid"]


def test_after_a_branch_both_values_are_possible() -> None:
    code = "x = torch.relu(y)\nif a:\n    x = torch.tanh(y)\nask(x)"
    assert origins(code) == ["torch.relu", "torch.tanh"]


def test_what_every_branch_sets_anew_is_gone() -> None:
    code = """
x = torch.exp(y)
if a:
    x = torch.relu(y)
elif b:
    x = torch.tanh(y)
else:
    x = torch.sin(y)
ask(x)
"""
    assert origins(code) == ["torch.relu", "torch.sin", "torch.tanh"]


def test_a_value_of_the_other_branch_does_not_arrive() -> None:
    code = "x = torch.relu(y)\nif a:\n    x = torch.tanh(y)\nelse:\n    ask(x)"
    assert origins(code) == ["torch.relu"]


def test_a_branch_that_returns_sets_nothing_for_what_follows() -> None:
    code = """
def f(x):
    x = torch.relu(x)
    if a:
        x = torch.tanh(x)
        return x
    ask(x)
"""
    assert origins(code) == ["torch.relu"]


def test_a_loop_may_not_run_at_all() -> None:
    code = "x = torch.relu(y)\nfor i in n:\n    x = torch.tanh(x)\nask(x)"
    assert origins(code) == ["torch.relu", "torch.tanh"]


def test_both_sides_of_a_choice_are_possible() -> None:
    assert origins("ask(torch.relu(y) if a else torch.tanh(y))") == ["torch.relu", "torch.tanh"]


def test_names_of_a_comprehension_are_its_own() -> None:
    code = "x = torch.relu(y)\nsome = [x for x in others]\nask(x)"
    assert origins(code) == ["torch.relu"]


def test_a_comprehension_sees_the_names_around_it_as_they_are() -> None:
    code = "x = torch.relu(y)\nsome = [ask(x) for i in others]\nx = torch.tanh(y)"
    assert origins(code) == ["torch.relu"]


def test_a_global_set_in_a_function_is_seen_outside() -> None:
    code = "def f():\n    global x\n    x = torch.relu(y)\n\nf()\nask(x)"
    assert origins(code) == ["torch.relu"]


def test_a_place_of_a_dict_is_what_stands_there() -> None:
    code = "d = {'a': torch.relu(y), 'b': torch.tanh(y)}\nask(d['b'])"
    assert origins(code) == ["torch.tanh"]


@pytest.mark.parametrize(
    "code",
    [
        "a = b\nb = a\nask(b)",
        "def f(x):\n    return g(x)\n\ndef g(x):\n    return f(x)\n\nask(f(1))",
        "def f(x):\n    return f(f(x))\n\nask(f(1))",
        "class A:\n    def __init__(self):\n        self.a = self.b\n        self.b = self.a\n"
        "    def f(self):\n        ask(self.a)",
        "class A(B):\n    pass\nclass B(A):\n    pass\nask(A().x)",
    ],
)
def test_a_circle_ends(code: str) -> None:
    reading = read(code)

    reading.origins(asked(reading))
    for call in reading.all(ast.Call):
        reading.role(call)
        reading.is_under_no_grad(call)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("import torch\ntorch.softmax", "torch.softmax"),
        ("import torch.nn.functional as G\nG.softmax", "torch.nn.functional.softmax"),
        ("from torch.nn import functional as G\nG.softmax", "torch.nn.functional.softmax"),
        ("from torch.nn.functional import softmax as s\ns", "torch.nn.functional.softmax"),
        ("from torch import *\nsoftmax", "torch.softmax"),
        ("from torch import *\nprint", "print"),
        ("F.softmax", "torch.nn.functional.softmax"),
        ("nn.Linear", "torch.nn.Linear"),
        ("F = 1\nF.softmax", ".softmax"),
        ("x = 1\nx.softmax", ".softmax"),
        ("def f():\n    from torch import nn as layers\n    layers.Linear", "torch.nn.Linear"),
        ("x()[0].softmax", ".softmax"),
        ("x[0]", ""),
    ],
)
def test_a_name_is_what_its_import_says(code: str, name: str) -> None:
    reading = read(code)
    last = [one.value for one in reading.all(ast.Expr)][-1]

    assert reading.name(last) == name


@pytest.mark.parametrize(
    ("code", "role"),
    [
        ("ask(torch.optim.AdamW(p))", Role.OPTIMIZER),
        ("x = nn.BCELoss()\nask(x)", Role.LOSS),
        ("class N(nn.Module):\n    pass\nx = N().to(d)\nask(x)", Role.MODEL),
        ("x = AutoModelForCausalLM.from_pretrained(n)\nask(x)", Role.MODEL),
        ("def f(optimizer):\n    ask(optimizer)", Role.OPTIMIZER),
        ("def f(thing):\n    ask(thing)", None),
    ],
)
def test_a_value_has_the_role_of_what_made_it_or_of_its_name(code: str, role: Role | None) -> None:
    reading = read(code)

    assert reading.role(asked(reading)) is role


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("ask(2 * 3 - 1)", 5),
        ("n = 10\nask(n // 3)", 3),
        ("ask(-1)", -1),
        ("ask(int(2.9))", 2),
        ("ask(True)", None),
        ("ask(1 / 0)", None),
        ("n = 1\nif a:\n    n = 2\nask(n)", None),
        ("ask(10 ** 10)", None),
    ],
)
def test_a_number_is_known_only_where_it_can_be_nothing_else(
    code: str, number: float | None
) -> None:
    reading = read(code)

    assert reading.number(asked(reading)) == number


@pytest.mark.parametrize(
    ("code", "holds"),
    [
        ("with torch.no_grad():\n    ask(1)", True),
        ("@torch.inference_mode()\ndef f():\n    ask(1)", True),
        ("def f():\n    ask(1)\n\nwith torch.no_grad():\n    f()", True),
        ("def f():\n    ask(1)\n\nwith torch.no_grad():\n    f()\nf()", False),
        ("with open(p):\n    ask(1)", False),
    ],
)
def test_no_grad_holds_by_block_decorator_or_every_caller(code: str, holds: bool) -> None:  # noqa: FBT001 - a parameter of the table
    reading = read(code)

    assert reading.is_under_no_grad(asked(reading)) is holds


def hostile() -> dict[str, str]:
    chain = "\n".join(f"a{n} = a{n - 1}()" for n in range(1, 1500))
    names = "\n".join(f"b{n} = b{n - 1}" for n in range(1, 1500))
    forks = "\n".join(
        f"if c:\n    x = f(x, x)\nelse:\n    x = g(x) or x or x[{n}]" for n in range(800)
    )
    calls = "\n".join(
        f"def f{n}(x, y):\n    return f{n - 1}(y, x) or f{n - 1}(x, x)" for n in range(1, 400)
    )
    ladder = "if c0:\n    x = 0\n" + "".join(f"elif c{n}:\n    x = f(x)\n" for n in range(1, 900))
    one_name = "\n".join("x = x.f(x)" for _ in range(4000))
    plus = "x = " + "+".join(["1"] * 900)
    attributes = "\n".join(f"        self.a{n} = self.a{n + 1}(self.a{n + 2})" for n in range(1500))
    nested = "x = " + "f(" * 90 + "1" + ")" * 90
    return {
        "calls of calls": f"{chain}\nask(a1499)",
        "names of names": f"{names}\nask(b1499)",
        "forks": f"{forks}\nask(x)",
        "helpers of helpers": f"{calls}\nask(f399(1, 2))",
        "a ladder of elif": f"{ladder}ask(x)",
        "one name set often": f"{one_name}\nask(x)",
        "a long sum": f"{plus}\nask(x)",
        "attributes": f"class A:\n    def f(self):\n{attributes}\n        ask(self.a0)",
        "nested calls": f"{nested}\nask(x)",
    }


@pytest.mark.parametrize("named", list(hostile()))
def test_a_hostile_file_is_followed_only_so_far(named: str) -> None:
    reading = read(hostile()[named])

    for node in reading.all(ast.Name, ast.Attribute, ast.Call):
        assert len(reading.origins(node)) <= MOST_ORIGINS
        reading.role(node)
        reading.number(node)
        reading.name(node)
    for function in reading.all(ast.FunctionDef):
        assert len(reading.calls_of(function)) <= len(reading.all(ast.Call))
