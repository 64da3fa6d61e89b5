"""An installation's own curricula beside the built-in ones, written, replaced and checked."""

import shutil
from pathlib import Path

import pytest

from learning.catalogue import CurriculumError
from learning.curriculum import Curriculum
from store.authoring.importing import Imported, PlanError, Wishes, import_text
from store.authoring.links import links_in
from store.authoring.own_curricula import save
from store.authoring.schemas import schemas, write_schemas
from store.catalogue import CURRICULA, TEMPLATE, read_catalogue


@pytest.fixture
def builtin(tmp_path: Path) -> Path:
    """A small whole folder: one curriculum, with the rhythms and checks it needs."""
    folder = tmp_path / "builtin"
    for name in ("rhythms", "checks"):
        shutil.copytree(CURRICULA / name, folder / name)
    copy_template(folder, "first")
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "home" / "curricula"


def copy_template(folder: Path, id: str) -> Path:
    """What an author does first."""
    shutil.copytree(CURRICULA / TEMPLATE, folder / id)
    for path in (folder / id).glob("*.yaml"):
        path.write_text(path.read_text("utf-8").replace("template", id), "utf-8")
    return folder / id


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def problems(builtin: Path, own: Path) -> tuple[str, ...]:
    with pytest.raises(CurriculumError) as error:
        read_catalogue(builtin, own)
    return error.value.problems


def plan(*items: str, id: str = "mine") -> Imported:
    lines = ["# My plan", "## 第一阶段", "### 第1周", *(f"- [ ] {item}" for item in items)]
    return import_text("\n".join(lines), "plan.md", Wishes(id=id))


def saved(imported: Imported, own: Path, builtin: Path) -> Curriculum:
    save(imported, own, replace=True, builtin=builtin)
    return read_catalogue(builtin, own).curricula[imported.curriculum.id]


def test_both_folders_are_one_catalogue(builtin: Path, own: Path) -> None:
    copy_template(own, "second")

    assert set(read_catalogue(builtin, own).curricula) == {"first", "second"}


def test_the_template_is_skipped_under_its_own_name(builtin: Path, own: Path) -> None:
    shutil.copytree(CURRICULA / TEMPLATE, own / TEMPLATE)

    assert set(read_catalogue(builtin, own).curricula) == {"first"}


def test_a_folder_of_their_own_need_not_exist(builtin: Path, own: Path) -> None:
    assert set(read_catalogue(builtin, own).curricula) == {"first"}


def test_one_curriculums_folder_is_checked_where_it_stands(builtin: Path, own: Path) -> None:
    assert set(read_catalogue(builtin, copy_template(own, "second")).curricula) == {
        *("first", "second"),
    }


def test_a_curriculum_defined_twice_is_told_with_both_places(builtin: Path, own: Path) -> None:
    copy_template(own, "first")

    (problem,) = problems(builtin, own)

    assert problem.startswith(f"{own}/first/curriculum.yaml: id: expected one of its own")
    assert problem.endswith("which stands at builtin/first/curriculum.yaml")


def test_a_rhythm_defined_twice_is_told_with_both_places(builtin: Path, own: Path) -> None:
    copy_template(own, "second")
    shutil.copytree(builtin / "rhythms", own / "rhythms")

    told = problems(builtin, own)

    assert any(f"{own}/rhythms/builder.yaml:1: id:" in one for one in told)
    assert any("which stands at builtin/rhythms/builder.yaml:1" in one for one in told)


def test_a_task_id_of_another_curriculum_is_told_with_both_places(builtin: Path, own: Path) -> None:
    stage = copy_template(own, "second") / "01-first-stage.yaml"
    change(stage, "id: second-open-terminal", "id: first-open-terminal")

    (problem,) = problems(builtin, own)

    assert f"{stage}: task first-open-terminal: expected an id" in problem
    assert "which stands in builtin/first/01-first-stage.yaml" in problem


def test_a_curriculum_in_one_language_is_plain_text(builtin: Path, own: Path) -> None:
    folder = copy_template(own, "second")
    change(folder / "curriculum.yaml", "languages: [zh, en]", "languages: [en]")
    title = "title:\n  zh: 两小时认识命令行\n  en: The command line in two hours"
    change(folder / "curriculum.yaml", title, "title: The command line in two hours for everyone")

    found = read_catalogue(builtin, own).curricula["second"]

    assert found.title.zh == found.title.en


def test_plain_text_in_a_curriculum_of_two_languages_is_told(builtin: Path, own: Path) -> None:
    stage = copy_template(own, "second") / "01-first-stage.yaml"
    said = "Know which folder you are in, and go to another."
    change(stage, f"- zh: 知道自己在哪个文件夹，会换到别处。\n    en: {said}", f"- {said}")

    assert any("zh: expected Chinese, found 'Know which" in one for one in problems(builtin, own))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param(
            "source: An example",
            "source: An example: mine",
            "mapping values are not allowed in this context at line 20, column 19 "
            "(a text that contains ': ' goes into quotes)",
            id="a colon without quotes",
        ),
        pytest.param(
            "id: second\n",
            "id: My second\n",
            ":13: id: expected small letters, digits and hyphens, such as my-task-1, "
            "found 'My second'",
            id="an id with a blank",
        ),
        pytest.param(
            "languages: [zh, en]",
            "languages: []",
            ": languages: expected at least 1, found 0",
            id="no language",
        ),
    ],
)
def test_the_traps_of_yaml_are_told_with_a_way_out(
    builtin: Path, own: Path, old: str, new: str, told: str
) -> None:
    change(copy_template(own, "second") / "curriculum.yaml", old, new)

    (problem,) = problems(builtin, own)

    assert told in problem


def test_a_wrong_task_is_told_once_and_not_as_a_missing_one_too(builtin: Path, own: Path) -> None:
    stage = copy_template(own, "second") / "01-first-stage.yaml"
    change(stage, "kind: project", "kind: projekt")

    (problem,) = problems(builtin, own)

    assert "kind: expected 'theory', " in problem


# Written by the import ----------------------------------------------------------------------------


def test_what_is_saved_reads_back_as_it_was_shown(builtin: Path, own: Path) -> None:
    shown = plan("读：a & b", "'quoted' # not a comment", "yes", "1.10", "- dash")

    assert saved(shown, own, builtin) == shown.curriculum


def test_a_curriculum_that_is_there_is_not_overwritten(builtin: Path, own: Path) -> None:
    folder = save(plan("a b"), own, replace=False, builtin=builtin)
    before = (folder / "curriculum.yaml").read_text("utf-8")

    with pytest.raises(PlanError, match="expected no such folder yet, or --replace"):
        save(plan("c d"), own, replace=False, builtin=builtin)

    assert (folder / "curriculum.yaml").read_text("utf-8") == before


def test_a_replaced_curriculum_is_one_version_on_and_the_old_one_is_kept(
    builtin: Path, own: Path
) -> None:
    saved(plan("背单词"), own, builtin)

    assert saved(plan("练听力"), own, builtin).version == 2
    assert (own.parent / "curricula-replaced" / "mine-1" / "curriculum.yaml").exists()


def test_a_task_keeps_its_id_when_others_come_before_it(builtin: Path, own: Path) -> None:
    before = saved(plan("背单词", "练听力"), own, builtin)

    after = saved(plan("读一首诗", "背单词", "练听力"), own, builtin)

    ids = {task.title.zh: task.id for task in after.tasks}
    assert {task.title.zh: task.id for task in before.tasks}.items() <= ids.items()
    assert len(set(ids.values())) == 3


def test_a_task_keeps_its_id_through_a_small_change_of_words(builtin: Path, own: Path) -> None:
    before = saved(plan("把第一章的单词全部背下来，每天十个"), own, builtin)
    after = saved(plan("把第一章的单词全部背下来，每天十二个"), own, builtin)

    assert [task.id for task in after.tasks] == [task.id for task in before.tasks]


def test_the_id_of_a_vanished_task_is_given_to_no_other(builtin: Path, own: Path) -> None:
    before = saved(plan("背单词"), own, builtin)
    after = saved(plan("弹吉他"), own, builtin)

    assert {task.id for task in before.tasks}.isdisjoint(task.id for task in after.tasks)


def test_nothing_is_changed_when_the_check_finds_problems(builtin: Path, own: Path) -> None:
    saved(plan("a b"), own, builtin)
    unknown = import_text("# P\n- [ ] c d", "plan.md", Wishes(id="mine", rhythm="atlantis"))

    with pytest.raises(CurriculumError, match=r"rhythm: expected one of .*, found 'atlantis'"):
        save(unknown, own, replace=True, builtin=builtin)

    assert read_catalogue(builtin, own).curricula["mine"].version == 1
    assert sorted(one.name for one in own.parent.iterdir()) == ["curricula", "curricula-replaced"]


# Schemas and links --------------------------------------------------------------------------------


def test_the_committed_schemas_are_those_of_the_models() -> None:
    committed = {path.name: path.read_text("utf-8") for path in CURRICULA.glob("schema/*.json")}

    assert committed == schemas(), "run: mentor curricula schema curricula/schema"


def test_schemas_are_written_where_the_files_first_lines_look_for_them(tmp_path: Path) -> None:
    write_schemas(tmp_path / "schema")

    for path in copy_template(tmp_path, "mine").glob("*.yaml"):
        first = path.read_text("utf-8").splitlines()[0]
        assert (path.parent / first.partition("$schema=")[2]).exists()


def test_every_link_is_found_with_its_id_file_and_line(own: Path) -> None:
    (own / "resources").mkdir(parents=True)
    path = own / "resources" / "mine.yaml"
    path.write_text(
        "- id: book\n  url: https://a.example/b\n  note: 见 https://b.example/c。\n", "utf-8"
    )

    assert links_in([own]) == {
        "https://a.example/b": [f"book  {path}:2"],
        "https://b.example/c": [f"book  {path}:3"],
    }
