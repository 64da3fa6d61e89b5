"""Wishes to be forgotten, and to have the plan in one's calendar."""

from functools import lru_cache

from agent.phrases.quizzes import LONGEST_WISH, NOT_NOW, bare_wish
from agent.phrases.spelling import pattern, words

_ALL = (
    r"(?:所有|全部|一切|整个|个人|保存|存|记(?!录)|收集|有关|关于|和|跟|相关|你|您|这里|那里|在|的|我"
    r"|这些|\s)*+"
)
_MINE = r"(?:(?:数据|信息|隐私)(?![集库])|[账帐帳][号户戶]|资料|(?:学习)?记录|东西)"
_EVEN = r"(?:都|全部?|通通|统统|彻底|永久|完全|全都?|给我|\s)*+"
_DELETE = (
    r"(?:[删刪](?:除|掉|光|干净)?|清空|清除|清掉|清理掉|抹掉|抹除|抹去|销毁|擦除|注销)"
    r"(?:掉|了|干净|个?精光|吧)*+"
)
_MINE_AND_MORE = rf"{_ALL}{_MINE}(?:(?:和|与|以及|跟|、){_ALL}{_MINE})*+"
_FORGETS_ME = tuple(
    pattern(rule)
    for rule in (
        rf"^{_EVEN}{_DELETE}{_MINE_AND_MORE}$",
        rf"^(?:把|将)?{_MINE_AND_MORE}{_EVEN}{_DELETE}$",
        rf"^{_EVEN}(?:忘掉|忘记|忘了|遗忘)我(?:的一切|这个人|吧|了)*+$",
        r"^(?:把|将)我(?:彻底|完全|给|\s)*+(?:忘掉|忘记|忘了|删掉|删了)(?:吧|了)*+$",
        r"^(?:我?要)?(?:注销|销号|删号)(?:吧|了)?$",
        r"^(?:permanently |completely |fully |just |all |\s)*+"
        r"(?:delete|erase|remove|wipe|clear|destroy|purge|get rid of)"
        r" (?:(?:all|every bit|of|my|the|your|stored|saved|personal|user|whole|entire) )*+"
        r"(?:account|data(?! ?(?:set|base|frame))|info(?:rmation)?|everything|records|me)"
        r"(?: (?:and (?:all )?(?:of )?(?:my |the )?(?:data|account|records|it all)|all|completely"
        r"|permanently|about me|(?:that )?you(?:'ve| have)? (?:have|know|keep|kept|stored?|saved)"
        r"|(?:on|of) me|of mine|from (?:your|the) (?:database|system|server)s?|for (?:good|ever)"
        r"|forever|for me|here))*+$",
        r"^(?:completely |just )?forget (?:me|(?:everything|all)(?: that)?(?: you know)? about me"
        r"|all (?:of )?my (?:data|information)|who i am)"
        r"(?: (?:completely|entirely|for good|for ever|forever))*+$",
        r"^(?:close|cancel|terminate|deactivate) my account(?: and delete (?:it all|my data"
        r"|everything))?$",
        r"^(?:my|all my) (?:account|data) (?:to be )?(?:deleted|erased|removed|gone)$",
    )
)
# "Delete everything" alone may mean the tasks of a day.
_NAMES_MINE = words("我|个人|所有|全部|一切|[账帐帳]|注销|销号|[删刪]号", "my|me|account")
# Whether it has been done, or ever will be; 能不能 and "can you" are polite.
_ONLY_ASKED = pattern(
    r"了(?:吗|嘛|么|没有?)\W*$|^(?:那|请问|你们?|您|导师|\s)*+(?:会|是不是|是否|有没有)"
    r"|^(?:so |and |but )?(?:will|do|did|does|have|has|are|is|would it) "
)
_FORGOTTEN = words(
    "[删刪]|清[空除掉理]|抹|销毁|擦除|注销|销号|忘[掉记了]|遗忘",
    "delete|deleted|erase|erased|remove|removed|wipe|clear|destroy|purge|get rid|forget|close"
    "|cancel|terminate|deactivate|gone",
)

_CALENDAR = words(
    "日历(?!史)|行事历|行事曆|日程(?:表|文件)|手机日程|[进到入] ?outlook",
    r"calendars?|\.?ics|ical|icalendar|gcal|(?:in|into|to|with) outlook",
)
_CALENDAR_ALONE = pattern(
    r"^(?:我的|一?[个份]|学习|my|the|a|an|study|\s)*+"
    r"(?:日历|行事历|行事曆|\.?ics|ical|calendar)(?:文件|格式|导出|\s|file|export|link)*+$"
)
_TO_CALENDAR = words(
    "导|汇出|匯出|同步|放|加[到进入](?!群)|添加|加(?=.*日历)|存|写进|转成|弄成|做成|生成|发|给我?|塞|下载|变成",
    r"export|put|add|sync\w*|send|import|save|give|get|make|create|generate|download|move|turn"
    r"|have|see",
)
_OTHER_CALENDAR = words(
    """
    别|不(?!$)|没|怎么(?!样)|如何|怎样|什么|哪|为[什啥]|农历|万年历|日历史|会议|生日|纪念|代码|程序|项目|接口|数据集
    [了过]$|导[出入]过|已经|提醒我(?=[^,]*[\\d一二三四五六七八九十]点)|写个|写一个|开发|实现
    """,
    r"how|what|why|where|when|don'?t|not|never|no|meetings?|birthdays?|appointments?|api|apps?"
    r"|code|library|parser?|dataset|exported|added|google doc|write|build|implement|date",
)


@lru_cache(maxsize=2048)
def wants_to_be_forgotten(clause: str) -> bool:
    """To have everything erased: 删掉我的所有数据, forget me; a mere question is none."""
    if len(clause) > LONGEST_WISH or not _FORGOTTEN.search(clause):
        return False
    wish = bare_wish(clause)
    if NOT_NOW.search(wish) or _ONLY_ASKED.search(clause) or not _NAMES_MINE.search(wish):
        return False
    return any(rule.match(wish) for rule in _FORGETS_ME)


@lru_cache(maxsize=2048)
def wants_calendar(clause: str) -> bool:
    """To have the plan in a calendar: 把计划导出到日历, give me an ics file."""
    if len(clause) > LONGEST_WISH or not _CALENDAR.search(clause):
        return False
    wish = bare_wish(clause)
    if _CALENDAR_ALONE.match(wish):
        return True
    is_other = _OTHER_CALENDAR.search(wish) or NOT_NOW.search(wish)
    return bool(_TO_CALENDAR.search(clause)) and not is_other


_PRIVACY = words(
    zh="""
    隐私(?!计算|保护(?:算法|技术|学习)|预算)|(?:数据|信息|聊天(?:记录)?|消息|说的话).{0,6}(?:存|保存|放|发|传|留)(?:在|到|给|多久)
    (?:数据|信息|聊天(?:记录)?|说的话).{0,6}(?:安全吗|会不会泄[露漏]|会泄[露漏])|谁(?:能|可以|会)?(?:看|读)(?:得?到|见)?我的?(?:数据|信息|聊天|消息|话|进度|记录)
    (?:你|机器人)?(?:会)?(?:保存|收集|记录)(?:了)?我?(?:的)?(?:哪些|什么)(?:数据|信息)
    """,
    en=r"""
    privacy(?! budget|[- ]preserving)|who (?:can|could|else)(?: can)? (?:see|read) (?:my|what i)
    where (?:is|are) my (?:data|messages|chats?)|is my data (?:safe|private|secure)|do you sell my data
    what (?:data|information) (?:do you|about me)
    """,
)
_PERSON = words(
    zh="""
    转人工|人工(?:客服|服务|帮助|帮忙)|(?:找|要|想(?:找|要|跟|和)|有没有|联系|能不能找|叫)(?:一?个|一?位)?(?:真人|活人|管理员|运营|负责人|人工)
    (?:跟|和|给)(?:真人|活人|管理员|运营者?|负责人).{0,4}(?:说|聊|讲|反馈|留言)
    """,
    en=r"""
    (?:talk|speak|chat|write) (?:to|with) (?:a |an |some |the )?(?:real |actual |human )?(?:person|human|operator|admin(?:istrator)?|staff|somebody real)
    human (?:help|support|being please)|(?:get|need|want) (?:a|some) (?:human|real person)|real person please
    contact (?:the )?(?:operator|admin(?:istrator)?|support|staff)
    """,
)
_OF_THE_FIELD = words(zh="差分隐私|联邦学习|隐私计算", en="differential privacy|federated")


@lru_cache(maxsize=2048)
def wants_a_person(clause: str) -> bool:
    """转人工, talk to a human: whoever runs the mentor, and not the mentor."""
    return len(clause) <= LONGEST_WISH and bool(_PERSON.search(clause))


def speaks_of_privacy(said: str) -> bool:
    return _PRIVACY.search(said) is not None


@lru_cache(maxsize=2048)
def asks_about_privacy(clause: str) -> bool:
    """Who sees what is said here, and how long it stays: 我的数据存在哪."""
    is_asked = len(clause) <= LONGEST_WISH and speaks_of_privacy(clause)
    return is_asked and not _OF_THE_FIELD.search(clause)
