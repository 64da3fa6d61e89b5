"""Places and time zones in words."""

import re
from functools import lru_cache
from zoneinfo import available_timezones

from agent.phrases.amounts import CHINESE_NUMBER, value_of
from agent.phrases.spelling import pattern, plain

# A zone, then the words for it. Countries with several zones are left out on purpose.
ZONES = {
    "Asia/Shanghai": (
        "北京 上海 广州 深圳 杭州 成都 重庆 武汉 西安 南京 苏州 天津 长沙 郑州 青岛 大连 厦门 "
        "昆明 合肥 福州 济南 沈阳 哈尔滨 宁波 东莞 佛山 珠海 无锡 贵阳 南宁 兰州 海口 三亚 拉萨 "
        "内地 大陆 中国 国内 东八区 beijing shanghai guangzhou shenzhen hangzhou chengdu "
        "chongqing wuhan xi'an nanjing suzhou china"
    ),
    "Asia/Urumqi": "乌鲁木齐 新疆 urumqi",
    "Asia/Hong_Kong": "香港 hong_kong hongkong",
    "Asia/Macau": "澳门 macau macao",
    "Asia/Taipei": "台北 台湾 高雄 新竹 taipei taiwan",
    "Asia/Tokyo": "东京 大阪 京都 日本 横滨 名古屋 福冈 东九区 tokyo osaka kyoto japan jst",
    "Asia/Seoul": "首尔 韩国 釜山 seoul korea south_korea busan kst",
    "Asia/Singapore": "新加坡 狮城 singapore sgt",
    "Asia/Kuala_Lumpur": "吉隆坡 马来西亚 kuala_lumpur malaysia kl",
    "Asia/Bangkok": "曼谷 泰国 清迈 bangkok thailand chiang_mai",
    "Asia/Ho_Chi_Minh": "胡志明 河内 越南 ho_chi_minh hanoi saigon vietnam",
    "Asia/Jakarta": "雅加达 jakarta",
    "Asia/Makassar": "巴厘岛 bali",
    "Asia/Manila": "马尼拉 菲律宾 manila philippines",
    "Asia/Phnom_Penh": "金边 柬埔寨 phnom_penh cambodia",
    "Asia/Yangon": "仰光 缅甸 yangon myanmar",
    "Asia/Ulaanbaatar": "乌兰巴托 蒙古国 ulaanbaatar",
    "Asia/Kolkata": (
        "孟买 德里 新德里 班加罗尔 印度 mumbai delhi new_delhi bangalore bengaluru india chennai "
        "hyderabad kolkata pune"
    ),
    "Asia/Kathmandu": "加德满都 尼泊尔 kathmandu nepal",
    "Asia/Dhaka": "达卡 孟加拉国 dhaka bangladesh",
    "Asia/Karachi": "卡拉奇 巴基斯坦 伊斯兰堡 karachi pakistan islamabad lahore",
    "Asia/Colombo": "科伦坡 斯里兰卡 colombo sri_lanka",
    "Asia/Dubai": "迪拜 阿联酋 阿布扎比 dubai abu_dhabi uae",
    "Asia/Riyadh": "利雅得 沙特 riyadh saudi_arabia",
    "Asia/Qatar": "多哈 卡塔尔 doha qatar",
    "Asia/Tehran": "德黑兰 伊朗 tehran iran",
    "Asia/Jerusalem": "特拉维夫 以色列 耶路撒冷 tel_aviv jerusalem israel",
    "Asia/Almaty": "阿拉木图 almaty",
    "Asia/Tashkent": "塔什干 乌兹别克斯坦 tashkent uzbekistan",
    "Europe/London": (
        "伦敦 英国 爱丁堡 曼彻斯特 剑桥 牛津 london uk england britain manchester edinburgh "
        "cambridge oxford united_kingdom"
    ),
    "Europe/Dublin": "都柏林 爱尔兰 dublin ireland",
    "Europe/Lisbon": "里斯本 lisbon porto",
    "Europe/Berlin": (
        "柏林 德国 慕尼黑 法兰克福 汉堡 科隆 berlin germany munich frankfurt hamburg cologne "
        "stuttgart"
    ),
    "Europe/Paris": "巴黎 法国 里昂 paris france lyon",
    "Europe/Amsterdam": (
        "阿姆斯特丹 荷兰 鹿特丹 代尔夫特 amsterdam netherlands holland rotterdam delft"
    ),
    "Europe/Brussels": "布鲁塞尔 比利时 brussels belgium",
    "Europe/Madrid": "马德里 巴塞罗那 西班牙 madrid barcelona spain",
    "Europe/Rome": "罗马 米兰 意大利 rome milan italy",
    "Europe/Zurich": "苏黎世 瑞士 日内瓦 洛桑 zurich switzerland geneva lausanne",
    "Europe/Vienna": "维也纳 奥地利 vienna austria",
    "Europe/Prague": "布拉格 捷克 prague czechia",
    "Europe/Warsaw": "华沙 波兰 warsaw poland krakow",
    "Europe/Budapest": "布达佩斯 匈牙利 budapest hungary",
    "Europe/Stockholm": "斯德哥尔摩 瑞典 stockholm sweden",
    "Europe/Oslo": "奥斯陆 挪威 oslo norway",
    "Europe/Copenhagen": "哥本哈根 丹麦 copenhagen denmark",
    "Europe/Helsinki": "赫尔辛基 芬兰 helsinki finland",
    "Europe/Athens": "雅典 希腊 athens greece",
    "Europe/Istanbul": "伊斯坦布尔 土耳其 安卡拉 istanbul turkey ankara",
    "Europe/Kyiv": "基辅 乌克兰 kyiv kiev ukraine",
    "Europe/Bucharest": "布加勒斯特 罗马尼亚 bucharest romania",
    "Europe/Moscow": "莫斯科 圣彼得堡 moscow st_petersburg",
    "America/New_York": (
        "纽约 波士顿 华盛顿 费城 亚特兰大 迈阿密 匹兹堡 美东 美国东部 东部时间 new_york nyc "
        "boston washington philadelphia atlanta miami pittsburgh us_east eastern_time est edt"
    ),
    "America/Chicago": (
        "芝加哥 休斯顿 达拉斯 奥斯汀 美中 美国中部 chicago houston dallas austin us_central "
        "central_time"
    ),
    "America/Denver": "丹佛 盐湖城 denver salt_lake_city mountain_time",
    "America/Phoenix": "凤凰城 phoenix arizona",
    "America/Los_Angeles": (
        "旧金山 洛杉矶 西雅图 硅谷 湾区 圣地亚哥 圣何塞 波特兰 拉斯维加斯 加州 美西 美国西部 "
        "西部时间 san_francisco los_angeles seattle silicon_valley bay_area san_diego san_jose "
        "portland las_vegas california us_west pacific_time pst pdt sf"
    ),
    "America/Anchorage": "安克雷奇 阿拉斯加 anchorage alaska",
    "Pacific/Honolulu": "夏威夷 檀香山 honolulu hawaii",
    "America/Toronto": "多伦多 渥太华 蒙特利尔 滑铁卢 toronto ottawa montreal waterloo",
    "America/Vancouver": "温哥华 vancouver",
    "America/Edmonton": "卡尔加里 埃德蒙顿 calgary edmonton",
    "America/Mexico_City": "墨西哥城 mexico_city",
    "America/Sao_Paulo": "圣保罗 里约 巴西利亚 sao_paulo rio_de_janeiro",
    "America/Argentina/Buenos_Aires": "布宜诺斯艾利斯 阿根廷 buenos_aires argentina",
    "America/Santiago": "智利 santiago chile",
    "America/Bogota": "波哥大 哥伦比亚 bogota colombia",
    "America/Lima": "利马 秘鲁 lima peru",
    "Australia/Sydney": "悉尼 堪培拉 sydney canberra",
    "Australia/Melbourne": "墨尔本 melbourne",
    "Australia/Brisbane": "布里斯班 黄金海岸 brisbane gold_coast",
    "Australia/Adelaide": "阿德莱德 adelaide",
    "Australia/Perth": "珀斯 perth",
    "Pacific/Auckland": "奥克兰 新西兰 惠灵顿 auckland new_zealand wellington",
    "Africa/Cairo": "开罗 埃及 cairo egypt",
    "Africa/Johannesburg": "约翰内斯堡 南非 开普敦 johannesburg south_africa cape_town",
    "Africa/Nairobi": "内罗毕 肯尼亚 nairobi kenya",
    "Africa/Lagos": "拉各斯 尼日利亚 lagos nigeria",
    "Africa/Casablanca": "卡萨布兰卡 摩洛哥 casablanca morocco",
}
_BY_WORD = {word.replace("_", " "): zone for zone, words in ZONES.items() for word in words.split()}
_LONGEST_FIRST = sorted(_BY_WORD, key=len, reverse=True)
_PLACE = pattern(
    "|".join(
        rf"\b{re.escape(word)}\b" if word.isascii() else f"{word}(?![语語])"
        for word in _LONGEST_FIRST
    )
)
_IANA = pattern(r"\b[a-z]+(?:/[a-z_+-]+(?:\d+)?){1,2}")
_OFFSET = pattern(
    r"\b(?:utc|gmt)\s*(?P<sign>[+-])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?(?!\d)"
    rf"|(?P<side>[东西])(?P<count>{CHINESE_NUMBER}|\d{{1,2}})区"
)
_UTC = pattern(r"\b(?:utc|gmt)\b")
# Offsets that are no whole hours, where one zone stands for all.
_ODD_OFFSETS = {
    (3, 30): "Asia/Tehran",
    (4, 30): "Asia/Kabul",
    (5, 30): "Asia/Kolkata",
    (5, 45): "Asia/Kathmandu",
    (6, 30): "Asia/Yangon",
    (9, 30): "Australia/Darwin",
    (-3, 30): "America/St_Johns",
}


def zone_in(text: str) -> str | None:
    """The IANA name of the first place or zone named; None for a country with several zones."""
    text = plain(text)
    for found in _IANA.finditer(text.replace("/ ", "/")):
        zone = _by_name().get(found.group().lower())
        if zone is not None:
            return zone
    offset = _OFFSET.search(text)
    place = _PLACE.search(text)
    if place is not None and (offset is None or place.start() <= offset.start()):
        return _BY_WORD[place.group().lower()]
    if offset is not None:
        return _zone_at(offset)
    return "Etc/UTC" if _UTC.search(text) else None


def _zone_at(offset: re.Match[str]) -> str | None:
    """The zone of an offset; Etc names count the other way round."""
    if offset["count"]:
        hours, minutes = int(value_of(offset["count"])), 0
        is_east = offset["side"] == "东"
    else:
        hours, minutes = int(offset["hours"]), int(offset["minutes"] or 0)
        is_east = offset["sign"] == "+"
    if minutes:
        return _ODD_OFFSETS.get((hours if is_east else -hours, minutes))
    if hours > (14 if is_east else 12):
        return None
    return f"Etc/GMT{'-' if is_east else '+'}{hours}" if hours else "Etc/UTC"


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    """Every IANA name by its lower-case form; reading the list walks 600 files, so once."""
    return {zone.lower(): zone for zone in available_timezones()}
