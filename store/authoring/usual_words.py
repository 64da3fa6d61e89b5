"""Words for what a Markdown plan leaves out, until its author finds better ones."""

from collections.abc import Mapping
from dataclasses import dataclass

from learning.curriculum import Kind
from learning.values import Language


@dataclass(frozen=True, slots=True)
class UsualWords:
    """`of_kind` holds evidence and done_when for each kind of task; the others have a gap."""

    audience: str
    milestone: str
    weeks: str
    resources: str
    about: str
    of_kind: Mapping[Kind, tuple[str, str]]


USUAL: Mapping[Language, UsualWords] = {
    "zh": UsualWords(
        audience="想学「{title}」的人。",
        milestone="做完「{title}」，能给别人看。",
        weeks="约 {weeks} 周",
        resources="资料：{title}",
        about="说明：{title}",
        of_kind={
            Kind.THEORY: ("用一句话写下最重要的一点", "不看资料，能用自己的话讲出要点。"),
            Kind.PRACTICE: ("运行的输出，或代码的链接", "跑通了，看得到结果。"),
            Kind.PROJECT: ("代码或演示的链接", "别人照着说明能跑起来。"),
            Kind.LEETCODE: ("通过的提交，或复杂度", "通过全部用例，说得出时间和空间复杂度。"),
            Kind.READING: ("一句话：读到的最有用的一点", "读完了，能讲出主要结论。"),
            Kind.WRITING: ("文章或笔记的链接", "写完一篇别人看得懂的短文。"),
            Kind.COMMUNITY: ("帖子、Issue 或回答的链接", "已经发布，别人看得到。"),
            Kind.INTERVIEW: ("答得最不顺的一题，和改过的回答", "能在限定时间内讲完。"),
        },
    ),
    "en": UsualWords(
        audience="Whoever wants to learn: {title}",
        milestone="Finished and ready to show: {title}",
        weeks="about {weeks} week(s)",
        resources="Resources: {title}",
        about="About: {title}",
        of_kind={
            Kind.THEORY: (
                "The most important point, in one sentence",
                "You can explain the main points in your own words without looking.",
            ),
            Kind.PRACTICE: ("The output, or a link to the code", "It runs and you see its result."),
            Kind.PROJECT: (
                "A link to the code or a demo",
                "Somebody else can run it by following your notes.",
            ),
            Kind.LEETCODE: (
                "The accepted submission, or its complexity",
                "Every case passes, and you can name its time and space complexity.",
            ),
            Kind.READING: (
                "The most useful thing you read, in one sentence",
                "You have read it and can tell its main conclusion.",
            ),
            Kind.WRITING: ("A link to the text", "A short text that a stranger can follow."),
            Kind.COMMUNITY: (
                "A link to the post, issue or answer",
                "It is posted where others can see it.",
            ),
            Kind.INTERVIEW: (
                "The question that went worst, with a better answer",
                "You can answer within the time.",
            ),
        },
    ),
}
