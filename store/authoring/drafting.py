"""Find the stages, units and tasks of a Markdown plan, and a place for everything else in it."""

from collections.abc import Callable, Sequence

from learning.curriculum import Kind
from learning.values import Language
from store.authoring.draft import (
    LONGEST_LINE,
    LONGEST_TITLE,
    Draft,
    Leftover,
    Part,
    StageDraft,
    TaskDraft,
    UnitDraft,
    forgotten,
)
from store.authoring.guessing import (
    USUAL_MINUTES,
    Role,
    duration_in,
    hours_a_week_in,
    is_optional,
    is_stage,
    is_unit,
    kind_of,
    label_in_front,
    period_in,
    role_of,
    without_duration,
)
from store.authoring.outline import LABEL_LEVEL, Heading, Item, Other, Paragraph, without_links
from store.authoring.usual_words import USUAL


def draft_of(root: Heading, name: str, language: Language) -> Draft:
    """Sort everything below `root` into a draft; `name` is the title of a plan without one."""
    return _Drafting(root, name, language).draft()


class _Drafting:
    def __init__(self, root: Heading, name: str, language: Language) -> None:
        self._usual = USUAL[language]
        self._joint = "；" if language == "zh" else "; "
        self._root = root
        self._title = self._title_of(root)
        self._is_stage: Callable[[Heading], bool] = self._stages_below()
        title = self._title.text if self._title else ""
        self._draft = Draft(self._cut(title or name or "plan", 1, LONGEST_TITLE))
        if not title:
            self._draft.guesses.append(f"title: {self._draft.title}, as there is no heading for it")

    def draft(self) -> Draft:
        self._read_about(self._root)
        for part in self._parts():
            self._read_outside(part)
        if not self._draft.stages:
            self._read_flat()
        self._draft.stages = [stage for stage in self._draft.stages if self._settled(stage)]
        self._draft.leftovers += forgotten(self._root, self._draft)
        return self._draft

    # The shape of the whole ----------------------------------------------------------------------

    @staticmethod
    def _title_of(root: Heading) -> Heading | None:
        real = [one for one in root.below() if one.level < LABEL_LEVEL]
        first = next((one for one in real if one.level == 1), None)
        if first is not None:
            return first
        top = min((one.level for one in real), default=0)
        alone = [one for one in real if one.level == top]
        return alone[0] if len(alone) == 1 and alone[0].parts else None

    def _parts(self) -> list[Heading]:
        """The headings to sort: those below the title, and those beside it."""
        if self._title is None:
            return self._root.parts
        beside = [part for part in self._root.parts if part is not self._title]
        return [*self._title.parts, *beside] if self._title in self._root.parts else beside

    def _stages_below(self) -> Callable[[Heading], bool]:
        real = [
            one
            for one in self._root.below()
            if one is not self._title and one.level < LABEL_LEVEL and one.has_items
        ]
        named = [one.level for one in real if is_stage(one.text)]
        if named:
            level = min(named)
            return lambda one: (
                one.level == level
                and one.has_items
                and (is_stage(one.text) or (one.has_boxes and role_of(one.text) is None))
            )
        tops = [one for one in real if role_of(one.text) is None]
        level = min((one.level for one in tops), default=0)
        tops = [one for one in tops if one.level == level]
        if tops and all(is_unit(one.text) and not self._has_parts(one) for one in tops):
            return lambda _: False
        return lambda one: one in tops

    @staticmethod
    def _has_parts(heading: Heading) -> bool:
        return any(
            part.has_items and role_of(part.text) is None and part.level < LABEL_LEVEL
            for part in heading.parts
        )

    def _read_about(self, root: Heading) -> None:
        """The text of the title becomes the summary, as much of it as a summary holds."""
        places = [root, *([self._title] if self._title else [])]
        for place in places:
            paragraphs = [one for one in place.blocks if isinstance(one, Paragraph)]
            for one in paragraphs:
                self._note_hours(one.text)
                labelled = label_in_front(one.text)
                if labelled and labelled[0] is Role.AUDIENCE and not self._draft.audience:
                    self._draft.audience = self._cut(labelled[1], one.line)
                elif len(self._draft.summary) + len(one.text) < LONGEST_LINE:
                    self._draft.summary = f"{self._draft.summary} {one.text}".strip()
                elif not self._draft.summary:
                    self._draft.summary = self._cut(one.text, one.line)
                else:
                    about = self._usual.about.format(title=self._draft.title)
                    self._add_section(about, [one.text], one.line)
            self._leave([one for one in place.blocks if isinstance(one, Other)])
        if self._has_stages():
            for place in places:
                self._section_of(place, self._usual.about.format(title=self._draft.title))

    def _has_stages(self) -> bool:
        return any(
            one.has_items and (self._is_stage(one) or self._is_loose_unit(one))
            for one in self._root.below()
            if one is not self._title
        )

    @staticmethod
    def _is_loose_unit(part: Heading) -> bool:
        return is_unit(part.text) and part.has_items and part.level < LABEL_LEVEL

    def _section_of(self, place: Heading, title: str) -> None:
        lines = self._lines_of(place.items)
        if lines:
            self._add_section(title, lines, place.line)

    # Outside stages ------------------------------------------------------------------------------

    def _read_outside(self, part: Heading) -> None:
        if self._is_stage(part):
            self._read_stage(part)
        elif self._is_loose_unit(part):
            if not self._draft.stages:
                self._draft.stages.append(StageDraft(self._draft.title, part.line))
                self._draft.guesses.append("one stage, as no heading names a stage")
            self._read_unit(self._draft.stages[-1], part)
        else:
            self._read_aside(part)
            for inner in part.parts:
                self._read_outside(inner)

    def _read_aside(self, part: Heading) -> None:
        """What is read rather than done becomes a section; its check boxes a checklist."""
        role = role_of(part.text)
        paragraphs = [one.text for one in part.blocks if isinstance(one, Paragraph)]
        for text in paragraphs:
            self._note_hours(text)
        self._leave([one for one in part.blocks if isinstance(one, Other)])
        is_done_elsewhere = not self._has_stages() and self._is_flat(part)
        items = [] if is_done_elsewhere else part.items
        lines = self._lines_of(items)
        if role is Role.CONTENTS and not is_done_elsewhere:
            self._leave([part, *part.items])
            self._leave([Item(text, part.line) for text in paragraphs])
        elif role is Role.AUDIENCE and not self._draft.audience and (paragraphs or lines):
            self._draft.audience = self._cut(self._joint.join([*paragraphs, *lines]), part.line)
        elif lines and all(one.ticked is not None for one in items):
            fitting = [self._cut(line, part.line) for line in lines]
            title = self._cut(part.text or self._draft.title, part.line)
            self._draft.checklists.append((title, fitting))
        elif paragraphs or lines:
            self._add_section(part.text, [*paragraphs, *lines], part.line)
        elif not part.parts and not is_done_elsewhere:
            self._leave([part])

    def _read_flat(self) -> None:
        """A plan without stages: one stage of one unit, of all that looks like something to do."""
        unit = UnitDraft(self._draft.title, 1)
        for place in [self._root, *self._root.below()]:
            if place in (self._root, self._title) or self._is_flat(place):
                for item in place.items:
                    self._read_item(unit, item, role_of(place.text), is_open=True)
                if place not in (self._root, self._title):
                    self._leave([place])
        self._draft.stages.append(StageDraft(self._draft.title, 1, units=[unit]))
        self._draft.guesses.append("one stage of one unit, as no heading names any")

    @staticmethod
    def _is_flat(place: Heading) -> bool:
        has_boxes = any(one.has_boxes for one in place.items)
        return has_boxes or role_of(place.text) in {Role.TASKS, Role.PROJECTS, None}

    def _add_section(self, title: str, lines: Sequence[str], line: int) -> None:
        fitting = [self._cut(one, line) for one in lines if one]
        self._draft.sections.append((self._cut(title or self._draft.title, line), fitting))

    # Stages and units ----------------------------------------------------------------------------

    def _read_stage(self, heading: Heading) -> None:
        title = self._cut(heading.text, heading.line, LONGEST_TITLE)
        same = next((one for one in self._draft.stages if one.title == title), None)
        if same is not None and not heading.has_boxes and not heading.parts:
            self._add_topic(same, title, self._lines_of(heading.items), heading.line)
            return
        stage = StageDraft(title, heading.line, self._period(heading))
        if same is not None and not self._has_parts_or_boxes(same):
            # An overview names the stages first; what it says belongs to the stage itself.
            self._draft.stages.remove(same)
            points = [": ".join(filter(None, [one.title, one.details])) for one in same.tasks]
            points = [self._cut(point, heading.line) for point in points]
            stage.topics += [*same.topics, *([(title, points)] if points else [])]
            stage.period = stage.period or same.period
        self._draft.stages.append(stage)
        own = UnitDraft(title, heading.line)
        stage.units.append(own)
        self._read_blocks(own, heading, None, is_open=not self._has_parts(heading))
        for part in heading.parts:
            role = role_of(part.text)
            if role is None and part.has_items:
                self._read_unit(stage, part)
            else:
                where = own if role in {Role.TASKS, Role.PROJECTS} else stage
                self._read_labelled(where, part, role)
        stage.topics = [*own.topics, *stage.topics]
        own.topics = []
        stage.goals, own.goals = [*own.goals, *stage.goals], []
        if own.milestone and not stage.milestone:
            stage.milestone, own.milestone = own.milestone, ""

    @staticmethod
    def _has_parts_or_boxes(stage: StageDraft) -> bool:
        return len(stage.units) > 1 or any(not task.is_plain for task in stage.tasks)

    def _period(self, heading: Heading) -> str:
        found = period_in(heading.text)
        if found is None:
            weeks = [found for part in heading.parts if (found := period_in(part.text))]
            joined = list(dict.fromkeys([*weeks[:1], *weeks[-1:]]))
            found = " – ".join(joined)
        return self._cut(found, heading.line) if found else ""

    def _read_unit(self, stage: StageDraft, heading: Heading, above: str = "") -> None:
        title = f"{above} · {heading.text}" if above else heading.text
        unit = UnitDraft(self._cut(title or stage.title, heading.line, LONGEST_TITLE), heading.line)
        stage.units.append(unit)
        has_tasks = heading.has_boxes or any(
            role_of(part.text) in {Role.TASKS, Role.PROJECTS} and part.has_items
            for part in heading.below()
        )
        self._read_blocks(unit, heading, None, is_open=not has_tasks)
        for part in heading.parts:
            role = role_of(part.text)
            if role is not None:
                self._read_labelled(unit, part, role)
            elif part.has_boxes or (part.has_items and not has_tasks):
                self._read_unit(stage, part, unit.title)
            else:
                self._read_labelled(unit, part, Role.TOPICS)

    def _read_labelled(self, where: Part, heading: Heading, role: Role | None) -> None:
        """Put what stands below a heading such as `Goals` where the heading says."""
        if role in {Role.TASKS, Role.PROJECTS} and isinstance(where, UnitDraft):
            self._read_blocks(where, heading, role, is_open=True)
        else:
            paragraphs = [one for one in heading.blocks if isinstance(one, Paragraph)]
            self._leave([one for one in heading.blocks if isinstance(one, Other)])
            boxes = [one for one in heading.items if one.ticked is not None]
            is_ticked = role in {Role.CRITERIA, Role.MILESTONE, Role.CHECKLIST}
            if isinstance(where, UnitDraft) and boxes and not is_ticked:
                for one in boxes:
                    self._read_task_item(where, one, role)
                boxes_lines = [one for one in heading.items if one.ticked is None]
            else:
                boxes_lines = heading.items
            lines = [*(one.text for one in paragraphs), *self._lines_of(boxes_lines)]
            if lines:
                self._place(where, role or Role.TOPICS, lines, heading)
            elif not heading.parts and not boxes:
                self._leave([heading])
        for part in heading.parts:
            self._read_labelled(where, part, role_of(part.text) or role)

    def _place(self, where: Part, role: Role, lines: Sequence[str], heading: Heading) -> None:
        fitting = [self._cut(line, heading.line) for line in lines]
        if role is Role.GOALS:
            where.goals += fitting
        elif role in {Role.CRITERIA, Role.CHECKLIST}:
            where.criteria += fitting
        elif role is Role.MILESTONE:
            said = [where.milestone] if where.milestone else []
            where.milestone = self._cut(self._joint.join([*said, *fitting]), heading.line)
        elif role is Role.RESOURCES:
            title = self._usual.resources.format(title=where.title)
            self._add_section(title, fitting, heading.line)
        elif role in {Role.AUDIENCE, Role.ASIDE, Role.CONTENTS}:
            self._add_section(f"{where.title} · {heading.text}", fitting, heading.line)
        else:
            is_named = role_of(heading.text) is None
            self._add_topic(where, heading.text if is_named else where.title, fitting, heading.line)

    def _add_topic(self, where: Part, title: str, lines: Sequence[str], line: int) -> None:
        if lines:
            fitting = [self._cut(one, line) for one in lines]
            where.topics.append((self._cut(title or where.title, line), fitting))

    def _read_blocks(
        self, unit: UnitDraft, heading: Heading, role: Role | None, *, is_open: bool
    ) -> None:
        """Read what stands right below a heading; `is_open` takes plain items as tasks too."""
        for block in heading.blocks:
            if isinstance(block, Other):
                self._leave([block])
            elif isinstance(block, Paragraph):
                self._note_hours(block.text)
                found, text = label_in_front(block.text) or (Role.TOPICS, block.text)
                label = Heading(LABEL_LEVEL, unit.title, block.line)
                place = Role.TOPICS if found in {Role.TASKS, Role.PROJECTS} else found
                self._place(unit, place, [text], label)
            else:
                self._read_item(unit, block, role, is_open=is_open and not heading.has_boxes)

    def _read_item(self, unit: UnitDraft, item: Item, role: Role | None, *, is_open: bool) -> None:
        inner = role_of(item.text) if item.ticked is None else None
        labelled = label_in_front(item.text) if item.ticked is None else None
        label = Heading(LABEL_LEVEL, unit.title, item.line)
        if inner is not None and item.children:
            below = Heading(LABEL_LEVEL, item.text, item.line, list(item.children))
            self._read_labelled(unit, below, inner)
        elif labelled and labelled[0] not in {Role.TASKS, Role.PROJECTS, Role.ASIDE}:
            self._place(unit, labelled[0], [labelled[1], *self._lines_of(item.children)], label)
        elif item.ticked is None and item.has_boxes:
            self._read_group(unit, item, role)
        elif item.ticked is None and is_open and item.children and item.text.endswith(("：", ":")):
            for child in item.children:
                named = Item(item.text + child.text, child.line, None, child.links, child.children)
                self._read_item(unit, named, role, is_open=True)
        elif item.ticked is not None or is_open:
            self._read_task_item(unit, item, role)
        else:
            self._place(unit, Role.TOPICS, self._lines_of([item]), label)

    def _read_group(self, unit: UnitDraft, item: Item, role: Role | None) -> None:
        """An item whose check boxes are nested below it; its words go in front of theirs."""
        for child in item.children:
            if child.has_boxes:
                text = f"{item.text}: {child.text}" if item.text else child.text
                named = Item(text, child.line, child.ticked, child.links, child.children)
                self._read_item(unit, named, role, is_open=False)
            else:
                label = Heading(LABEL_LEVEL, unit.title, child.line)
                self._place(unit, Role.TOPICS, self._lines_of([child]), label)

    def _read_task_item(self, unit: UnitDraft, item: Item, role: Role | None) -> None:
        text = without_duration(without_links(item.text)) or " ".join(item.links)
        if not text:
            self._leave([item])
            for child in item.children:
                self._read_task_item(unit, child, role)
            return
        evidence: list[str] = []
        done_when: list[str] = []
        details: list[str] = []
        for child in item.below():
            labelled = label_in_front(child.text)
            if labelled and labelled[0] is Role.CRITERIA:
                done_when.append(labelled[1])
            elif labelled and labelled[0] is Role.MILESTONE:
                evidence.append(labelled[1])
            else:
                details += self._lines_of([Item(child.text, child.line, links=child.links)])
        title = self._title_and_more(text, details)
        details += [link for link in item.links if link not in title]
        named = kind_of(text) or (Kind.PROJECT if role is Role.PROJECTS else None)
        kind = named or Kind.PRACTICE
        length = duration_in(item.text)
        unit.tasks.append(
            TaskDraft(
                title=title,
                line=item.line,
                kind=kind,
                minutes=length.minutes if length else USUAL_MINUTES[kind],
                sessions=length.sessions if length else 1,
                details=self._cut(self._joint.join(details), item.line),
                evidence=self._cut(self._joint.join(evidence), item.line),
                done_when=self._cut(self._joint.join(done_when), item.line),
                optional=is_optional(item.text),
                ticked=item.ticked is True,
                is_plain=item.ticked is None,
                is_clipped=length is not None and length.is_clipped,
                minutes_are_guessed=length is None,
                kind_is_guessed=named is None,
            )
        )

    # Words ---------------------------------------------------------------------------------------

    @staticmethod
    def _title_and_more(text: str, details: list[str]) -> str:
        """A title that can be read on a button; a longer text goes on in the details."""
        if len(text) <= LONGEST_TITLE:
            return text
        ends = [text.rfind(sign, 0, LONGEST_TITLE) for sign in "。；;，, "]
        at = next((end for end in ends if end >= LONGEST_TITLE // 3), LONGEST_TITLE - 1)
        details.insert(0, text)
        return text[:at].rstrip("。；;，, ") + "…"

    def _lines_of(self, items: Sequence[Item]) -> list[str]:
        """Each item as a line, with its links, followed by what is nested in it."""
        lines: list[str] = []
        for item in items:
            hidden = [link for link in item.links if link not in item.text]
            line = " ".join([item.text, *hidden]).strip()
            if line:
                lines.append(line)
            lines += self._lines_of(item.children)
        return lines

    def _cut(self, text: str, line: int, most: int = LONGEST_LINE) -> str:
        """As much of a text as fits; what does not is told."""
        if len(text) <= most:
            return text
        self._draft.leftovers.append(Leftover(line, "rest of a long text", text[most - 1 :]))
        return text[: most - 1] + "…"

    def _leave(self, left: Sequence[Heading | Item | Other]) -> None:
        for one in left:
            if isinstance(one, Item):
                for line in self._lines_of([one]):
                    self._draft.leftovers.append(Leftover(one.line, "list item", line))
            elif one.text:
                what = one.what if isinstance(one, Other) else "heading"
                self._draft.leftovers.append(Leftover(one.line, what, one.text))

    def _note_hours(self, text: str) -> None:
        self._draft.hours = self._draft.hours or hours_a_week_in(text)

    def _settled(self, stage: StageDraft) -> bool:
        """Give every unit something to do, or its words to the stage; a bare stage goes."""
        for unit in list(stage.units):
            self._fill_from_topics(unit)
            if not unit.tasks:
                stage.units.remove(unit)
                stage.topics += unit.topics
                stage.goals += unit.goals
                stage.criteria += unit.criteria
                stage.milestone = stage.milestone or unit.milestone
            elif unit.goals:
                # A unit has no goals of its own; they open its topics.
                unit.topics.insert(0, (unit.title, unit.goals))
        if not stage.units:
            said = [*stage.goals, *(line for _, lines in stage.topics for line in lines)]
            self._add_section(stage.title, [*said, *stage.criteria] or [stage.title], stage.line)
        return bool(stage.units)

    def _fill_from_topics(self, unit: UnitDraft) -> None:
        """A unit that only lists what to learn: learning it is the task."""
        if unit.tasks or not unit.topics:
            return
        topics, unit.topics = unit.topics, []
        for _, points in topics:
            for point in points:
                self._read_task_item(unit, Item(point, unit.line), None)
        for task in unit.tasks:
            if task.kind_is_guessed:
                task.kind, task.kind_is_guessed = Kind.THEORY, False
                task.minutes = (
                    USUAL_MINUTES[Kind.THEORY] if task.minutes_are_guessed else task.minutes
                )
