"""What authors do at the command line: import, check, schemas, and links on a loopback server."""

import asyncio
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from click.testing import CliRunner, Result

from bot.cli import main
from bot.links import AT_ONCE, Fate, Looked, look_at, report
from store.authoring.schemas import schemas
from store.catalogue import CURRICULA, TEMPLATE

PLAN = Path(__file__).parent.parent / "data" / "plan.md"


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("TELEGRAM_BOT_TOKEN", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("MENTOR_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("MENTOR_LANGUAGE", "zh")
    monkeypatch.setenv("MENTOR_TIMEZONE", "Asia/Shanghai")


def mentor(*args: str | Path) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args])


# Curricula ----------------------------------------------------------------------------------------


def test_an_import_shows_everything_and_saves_nothing(tmp_path: Path) -> None:
    result = mentor("curricula", "import", PLAN, "--id", "rust-embedded", "--hours", "6")

    assert result.exit_code == 0, result.output
    assert "Stage 2: Phase 2: Peripherals (weeks 3-4)  (weeks 3-4; 3 tasks, 6.2 h)" in result.stdout
    assert "about 6 weeks at 6 hours a week" in result.stdout
    assert "line 24: ticked already" in result.stdout
    assert "plan.md:68: table row: 周六 | 发布" in result.stdout
    assert "Nothing is saved yet" in result.stdout
    assert not (tmp_path / "data").exists()


def test_a_saved_import_is_a_curriculum_like_the_others() -> None:
    mentor("curricula", "import", PLAN, "--id", "rust-embedded", "--save")

    shown = mentor("curricula", "show", "rust-embedded")
    pushed = mentor("preview", "rust-embedded", "--start", "2026-11-23", "--days", "2")

    assert "安装 rustup 和 probe-rs (45 min)" in shown.stdout
    assert "安装 rustup 和 probe-rs · 45 分钟" in pushed.stdout


def test_a_saved_import_is_not_overwritten_unasked() -> None:
    save = ("curricula", "import", PLAN, "--id", "rust-embedded", "--save")
    mentor(*save)

    refused, replaced = mentor(*save), mentor(*save, "--replace")

    assert refused.exit_code == 1
    assert "expected no such folder yet, or --replace, found one" in refused.stderr
    assert replaced.exit_code == 0, replaced.output


def test_a_plan_that_is_none_is_refused_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "plan.md").write_text("# Nothing to do", "utf-8")

    result = mentor("curricula", "import", tmp_path / "plan.md")

    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert "expected a list of things to do" in result.stderr


def test_the_template_is_a_valid_curriculum_under_another_name(tmp_path: Path) -> None:
    folder = tmp_path / "my-plan"
    shutil.copytree(CURRICULA / TEMPLATE, folder)
    for path in folder.glob("*.yaml"):
        path.write_text(path.read_text("utf-8").replace("template", "my-plan"), "utf-8")

    result = mentor("curricula", "check", folder)

    assert result.exit_code == 0, result.output


def test_the_check_looks_at_the_installations_own_curricula_too(tmp_path: Path) -> None:
    own = tmp_path / "data" / "curricula"
    shutil.copytree(CURRICULA / TEMPLATE, own / "my-plan")

    result = mentor("curricula", "check")

    assert result.exit_code == 1
    place = f"{own}/my-plan/curriculum.yaml:13: id:"
    assert f"{place} expected the folder's name 'my-plan', found 'template'" in result.stderr


def test_schemas_are_written_for_every_kind_of_file(tmp_path: Path) -> None:
    mentor("curricula", "schema", tmp_path / "schema")

    written = {path.name for path in (tmp_path / "schema").iterdir()}
    assert written == set(schemas())
    assert {"curriculum.schema.json", "stage.schema.json", "resource.schema.json"} <= written


# Links --------------------------------------------------------------------------------------------


class Site:
    """A server whose paths say how it answers; it counts what it was asked."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.at_once = 0
        self.most_at_once = 0

    async def answer(self, request: web.Request) -> web.Response:
        self.asked[f"{request.method} {request.path}"] += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0.01)
        self.at_once -= 1
        match request.path:
            case "/moved":
                raise web.HTTPMovedPermanently("/fine")
            case "/no-head" if request.method == "HEAD":
                raise web.HTTPMethodNotAllowed("HEAD", ["GET"])
            case "/recovers" if self.asked["GET /recovers"] >= 2:
                return web.Response()
            case "/broken" | "/recovers":
                raise web.HTTPServiceUnavailable
            case "/gone":
                raise web.HTTPNotFound
            case "/forbidden":
                raise web.HTTPForbidden
        return web.Response(text="a page")


@asynccontextmanager
async def served(site: Site) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", site.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    tcp = web.TCPSite(runner, "127.0.0.1", 0)
    await tcp.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("path", "fate", "found"),
    [
        pytest.param("/fine", Fate.OK, "", id="fine"),
        pytest.param("/no-head", Fate.OK, "", id="a server that knows no HEAD"),
        pytest.param("/moved", Fate.MOVED, "/fine", id="moved"),
        pytest.param("/gone", Fate.GONE, "404", id="gone"),
        pytest.param("/forbidden", Fate.UNREACHABLE, "403", id="for people only"),
        pytest.param("/recovers", Fate.OK, "", id="an error that passes"),
        pytest.param("/broken", Fate.UNREACHABLE, "503", id="an error that stays"),
    ],
)
async def test_a_link_is_told_by_what_became_of_it(path: str, fate: Fate, found: str) -> None:
    async with served(Site()) as root:
        (looked,) = await look_at([root + path], pause=0)

    assert looked.fate is fate
    assert looked.found.removeprefix(root) == found


async def test_a_servers_errors_are_asked_about_three_times() -> None:
    site = Site()
    async with served(site) as root:
        await look_at([f"{root}/broken"], pause=0)

    assert site.asked["GET /broken"] == 3


async def test_a_host_is_asked_one_link_after_the_other() -> None:
    site = Site()
    async with served(site) as root:
        await look_at([f"{root}/{n}" for n in range(6)], pause=0)

    assert site.most_at_once == 1


async def test_many_hosts_are_asked_eight_at_a_time() -> None:
    site = Site()
    async with served(site) as root:
        # A name in front makes a host of its own for whoever asks, and one server for us.
        port = root.rpartition(":")[2]
        hosts = [f"http://user{n}@127.0.0.1:{port}/{n}" for n in range(20)]
        looked = await look_at(hosts, pause=0)

    assert {one.fate for one in looked} == {Fate.OK}
    assert 1 < site.most_at_once <= AT_ONCE


async def test_a_host_that_answers_nobody_is_unreachable() -> None:
    (looked,) = await look_at(["http://127.0.0.1:1/"], pause=0)

    assert looked.fate is Fate.UNREACHABLE
    assert looked.found


async def test_the_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readline()).decode())
        writer.close()

    server = await asyncio.start_server(proxy, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        await look_at(["https://book.example/b"], pause=0)

    assert asked[0].startswith("CONNECT book.example:443")


def test_the_report_names_the_worst_first_with_every_place() -> None:
    looked = [
        Looked("https://a.example", Fate.OK),
        Looked("https://b.example", Fate.MOVED, "https://c.example"),
        Looked("https://d.example", Fate.GONE, "404"),
    ]

    lines = report(looked, {"https://d.example": ["book  resources/books.yaml:7"]})

    assert [" ".join(line.split()) for line in lines] == [
        "gone https://d.example: 404",
        "book resources/books.yaml:7",
        "moved https://b.example → https://c.example",
        "3 links: 1 ok, 1 moved, 1 gone, 0 unreachable",
    ]


def test_links_of_ones_own_curricula_alone_can_be_looked_at() -> None:
    result = mentor("curricula", "links", "--own")

    assert result.exit_code == 0
    assert "0 links: 0 ok, 0 moved, 0 gone, 0 unreachable" in result.stdout
