"""One spelling for many: full-width letters, traditional characters, slips of the keyboard."""

import re
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

# Each of these changes one character into one, so that places in the text stay where they were.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_TRADITIONAL = str.maketrans(
    "個時後點設週禮間進學習麼嗎還沒讓東兩開書講們這語換發別暫復說卡給導師計劃務標題終於論寫讀過"
    "鐘對錯撤銷資訊話詞釋紹為難煩攪擾閉關啟動繼續綫線圖體驗總覽幾狀態課來將會歲號請問麻謝"
    "區紐約倫臺灣國門訂調選擇飛無練測試驗組訓複級評匯據當該請從開麼過階經擬隨單",
    "个时后点设周礼间进学习么吗还没让东两开书讲们这语换发别暂复说卡给导师计划务标题终于论写读过"
    "钟对错撤销资讯话词释绍为难烦搅扰闭关启动继续线线图体验总览几状态课来将会岁号请问麻谢"
    "区纽约伦台湾国门订调选择飞无练测试验组训复级评汇据当该请从开么过阶经拟随单",
)
_MORE_TRADITIONAL = str.maketrans(
    "現實長頭見車馬聽買賣錢裡裏應樣種網業產專員類價變轉載雙覆雜簡節畫數庫檔碼編輯輸錄記憶幫歡樂惱"
    "愛憂慮緊張鬆輕壓勞覺夢歷紀舊結縮減願許諾認識證誰誤訪談議譯護讚負責貨費質賬貼贊趕跡躍軟輔輪適"
    "遠違遲遷邊鄰鎖錶鍵鎮鏈鏡鐵針釘鈕銀鋪錦閑閱闊隊際險雖離電靈靜響頁頂項順須預頓領頻額顏顧顯飯飲"
    "館餘駐驅驚魯鮮鳴麥黃齊齡龍溫滿漲災營爾獎獨獲環療癒盡監盤礎確稱積穩窮競筆築簽籌糧納紅純紙紛細"
    "綠維緒緩縣織繞罷聯聲職肅腦膚臨舉艱藝藥蘭虛術衛裝補製規視觀觸託討詢詳誠誕誘諸謀謹譜譽豐貝財貢"
    "貧販賞賠賢賴購贈趨踐蹤軍軌輩轄辦辭農逕連運達郵鄉醫閣陣陰陳陸陽隱雲霧頒顆顫風養餓髮鬥魚鳥",
    "现实长头见车马听买卖钱里里应样种网业产专员类价变转载双复杂简节画数库档码编辑输录记忆帮欢乐恼"
    "爱忧虑紧张松轻压劳觉梦历纪旧结缩减愿许诺认识证谁误访谈议译护赞负责货费质账贴赞赶迹跃软辅轮适"
    "远违迟迁边邻锁表键镇链镜铁针钉钮银铺锦闲阅阔队际险虽离电灵静响页顶项顺须预顿领频额颜顾显饭饮"
    "馆余驻驱惊鲁鲜鸣麦黄齐龄龙温满涨灾营尔奖独获环疗愈尽监盘础确称积稳穷竞笔筑签筹粮纳红纯纸纷细"
    "绿维绪缓县织绕罢联声职肃脑肤临举艰艺药兰虚术卫装补制规视观触托讨询详诚诞诱诸谋谨谱誉丰贝财贡"
    "贫贩赏赔贤赖购赠趋践踪军轨辈辖办辞农径连运达邮乡医阁阵阴陈陆阳隐云雾颁颗颤风养饿发斗鱼鸟",
)
# Cantonese as it is written, by characters that mean the same.
_CANTONESE = str.maketrans("嘅咗唔喇俾冇哋係嗰嘢嚟睇晒啲", "的了不啦给没们是那事来看了些")
_ALIKE = str.maketrans("\u3000\u00a0\u20e3\ufe0f’‘`", "    '''")
_PLAIN: dict[int, int] = {
    **_FULL_WIDTH,
    **_MORE_TRADITIONAL,
    **_CANTONESE,
    **_TRADITIONAL,
    **_ALIKE,
}

# Characters that sound alike and are typed for one another.
_SOUNDS_LIKE = (
    (re.compile("[作坐](?=完|好了)"), "做"),
    (re.compile("(?<=[做看学写读刷搞弄])[玩万](?=了|啦|$)"), "完"),
    (re.compile("搞[腚腠定]+(?=了|啦|$|第)"), "搞定"),
    (re.compile("有木有"), "有没有"),
    (re.compile("[靠拷烤]{2}我"), "考考我"),
    (re.compile(r"(?<=\d)\s*\bn\b\s*(?=\d)"), " and "),
    (re.compile("莫得"), "没有"),
    (re.compile("搞掂"), "搞定"),
    (re.compile("咩(?=要|事|[\u4e00-\u9fff]*做)|乜事"), "什么"),
    (re.compile("(?<=[完定])[拉喇](?=第|[,，。!！\\s]|$)"), "啦,"),
    (re.compile("(?<=明天|后天|下周|周[一二三四五六日天])在(?=[做弄看学写])"), "再"),
    (re.compile("题醒|提星"), "提醒"),
    (re.compile("设至"), "设置"),
    (re.compile("进渡"), "进度"),
    (re.compile("(?<![现正])在(?=来[一几点些两三四五\\d])"), "再"),
    (re.compile("(?<=[几两三四五六七八九十\\d])到(?=(?:面试|选择|练习|测试)?题)"), "道"),
    (re.compile(r"\bq(?:iuz|uzi|uizz|uiiz|wiz|uis)\b", re.IGNORECASE), "quiz"),
)
# Words the rules look for that are long enough to be recognised with a slip in them.
_LOOKED_FOR = """
    behind blocked chinese complete completed curricula curriculum december english evening
    difference everything exhausted explain export february finish finished first flashcards
    fourth friday
    hello holiday hours interview january language message messages minute minutes monday morning
    notification notifications november october overwhelmed paper papers pause paused placement
    postpone postponed progress question questions recommend remind reminder reminders resource
    resources resume review roadmap saturday schedule second september setting settings stuck
    sunday thanks third thursday timezone today tomorrow tonight translate tuesday tutorial
    tutorials vacation weather wednesday weekday weekdays weekend weekends
"""
# Words in their own right that are a slip away from one of those.
_NOT_MEANT = """
    compete competed completes differences different expert experts explained explainer
    exported exporter exports
    finishes flashcard forth furnished hell holidays interviewed interviewee interviewer interviews
    massage minuet parse passed pauses placements questioned recommender recourse remainder resumed
    reviewed reviewer reviewers reviews rewind seconds settling stack stick stock struck sundry
    tanks thank thirds todays tomorrows variation vocation
"""
_WORDS = tuple(_LOOKED_FOR.split())
_KNOWN = frozenset((*_WORDS, *_NOT_MEANT.split()))
_WORD = re.compile(r"[A-Za-z]{5,}")
# Short for a word, as it is typed on a phone.
_SHORT_FOR = {
    "abt": "about",
    "gimme": "give me",
    "lookin": "looking",
    "2moro": "tomorrow",
    "tmr": "tomorrow",
    "tmrw": "tomorrow",
    "tmw": "tomorrow",
    "2day": "today",
    "2nite": "tonight",
    "msg": "message",
    "msgs": "messages",
    "notifs": "notifications",
    "sth": "something",
    "smth": "something",
    "diff": "difference",
    "qs": "questions",
    "tho": "though",
    "cuz": "because",
    "bc": "because",
    "b4": "before",
    "rn": "right now",
}
_SHORT = re.compile(rf"\b(?:{'|'.join(_SHORT_FOR)})\b", re.IGNORECASE | re.ASCII)


def pattern(text: str) -> re.Pattern[str]:
    """Compile for mixed text: any case, and a Chinese character bounds an English word."""
    return re.compile(text, re.IGNORECASE | re.ASCII)


def words(zh: str = "", en: str = "") -> re.Pattern[str]:
    """Any of these, told apart by | or by line: Chinese anywhere, English as whole words."""
    chinese = "|".join(filter(None, map(str.strip, zh.splitlines())))
    english = "|".join(filter(None, map(str.strip, en.splitlines())))
    return pattern("|".join(filter(None, (chinese, english and rf"\b(?:{english})\b"))))


def plain(text: str) -> str:
    """Half-width letters, simplified characters and straight quotes; every place stays."""
    return text.translate(_PLAIN)


def mended(text: str) -> str:
    """The text with slips in the words that matter put right; places may move."""
    for slip, meant in _SOUNDS_LIKE:
        text = slip.sub(meant, text)
    text = _SHORT.sub(lambda short: _SHORT_FOR[short.group().lower()], text)
    return _WORD.sub(lambda word: _meant(word.group()), text)


@lru_cache(maxsize=4096)
def _meant(word: str) -> str:
    low = word.lower()
    if low in _KNOWN:
        return word
    slips = 2 if len(low) >= 8 else 1
    found = process.extractOne(low, _WORDS, scorer=OSA.distance, score_cutoff=slips)
    if found is None or found[0][0] != low[0]:
        return word
    return found[0]
