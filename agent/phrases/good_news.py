"""What had blocked is over: got it working, 跑通了, 不报错了."""

import re

from agent.phrases.spelling import pattern, plain

LONGEST = 120
_SOLVED = pattern(
    r"(?:我|自己|现在|已经|终于|总算|刚|后来|都|问题|这个|那个|它|bug|代码|程序|脚本|环境|可以|能|又|啊|哈|呀|太好了|\s)*"
    r"(?:(?:搞定|弄好|修好|跑通|跑起来|搞通|想通|想明白|弄明白|解决|修复|装上|装好|连上|能跑|能用|能运行|好使|好|通|有思路|有头绪)了"
    r"|(?:不(?:再)?(?:报错|卡|出错)|没(?:有)?(?:报错|问题)|跑得通|能(?:跑|运行|用))了)(?:啦|哈|呀|耶|哦)*"
    r"|(?:ok |okay |nice |yay |woo\w* |hooray |yes |never ?mind |so |well |finally |i |we |i've |just |now |all |it'?s |that'?s |it |this |that "
    r"|the (?:bug|error|problem|issue|code|script) |my (?:code|script|bug) |is |managed to |actually )*"
    r"(?:got (?:it|this|that|everything) (?:working|to work|to run|running|going|sorted|fixed|solved)|works? (?:now|again|fine|at last|perfectly)"
    r"|works|worked|working (?:now|again)|working|running (?:now|again|fine)|runs(?: now| fine| again)?|solved(?: it| that)?|(?:fix|solve|get it (?:working|running|to work))"
    r"|fixed(?: it| that| now)?|resolved(?: it)?|figured (?:it|that) out|figured out (?:the|my) (?:bug|error|problem|issue)|sorted(?: it)?(?: out)?"
    r"|not stuck (?:any ?more|now)|no longer stuck|unstuck|i'?m unstuck)"
    r"(?: now| finally| myself| at last| again)*(?: by .+)?"
)
_STILL = pattern(
    r"但|不过|可是|还是|仍然|[?？吗]|\b(?:but|still|however|not(?! stuck)|except|almost|if|when)\b|n't"
)


def tells_success(text: str) -> bool:
    """Say whether what had blocked is over, as in "got it working, the shape was wrong"."""
    said = re.sub("[啦咯喽](?=$|[^\u4e00-\u9fff])", "了", plain(text))
    if len(said) > LONGEST or _STILL.search(said):
        return False
    clauses = re.split(r"[,.;!~\n。]+", said)
    return any(_SOLVED.fullmatch(clause.strip()) for clause in clauses)
