"""Texts that the public may read: telephone and identity numbers, names, plates and addresses of flats are blotted out.

Rather too much than too little: any seven digits in a row could be somebody's number, and a page for everybody is no
place to find out. Numbers of tickets and dates stay readable.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

BLOT = "***"

_GAP = r"[ \u3000\-.·—–()（）]{0,2}"
_HAN_DIGIT = "[零〇一二三四五六七八九幺两]"
_SURNAME = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛范彭郎鲁韦马苗凤花俞任袁柳鲍史唐费廉岑薛雷贺倪汤"
    "滕殷罗毕郝邬安常于傅皮卞齐康伍余元顾孟黄穆萧尹姚邵湛汪祁毛狄米贝臧计伏成戴宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻贾路江童颜郭梅盛林刁钟徐"
    "邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房裘缪解应丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁荀甄曲封储靳段巫焦谷车侯宓蓬全班仰秋仲伊宫宁仇栾甘"
    "厉祖武符刘景詹束龙叶幸司黎薄印宿白怀蒲赖卓蔺蒙池乔阴闻党翟谭贡劳姬申扶堵冉宰桑桂牛寿边扈燕温庄晏柴瞿阎连习艾鱼容向古易廖终居衡步耿满弘"
    "匡文寇广欧沃利越师聂晁勾敖冷辛那简饶曾关游涂肖"
)
_ROLE = (
    "(?:姓名|联系人|投诉人|举报人|反映人|申请人|当事人|来电人|经办人|承办人|负责人"
    "|市民|居民|业主|住户|群众|村民|租客|房东|店主|老板|本人|我叫|我是|名叫)"
)
_AFTER = r"(?=[，。、；：,.;:）)\s]|先生|女士|反映|来电|投诉|举报|表示|反馈|称|说|电话|手机|的|等|于|在|已|家|$)"

_MARKS = re.compile(
    "|".join(
        (
            r"(?P<ticket>(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9]{0,7}20\d{6}-\d{4,8}(?![A-Za-z0-9]))",
            r"(?P<day>(?<!\d)(?:19|20)\d{2}[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])(?!\d))",
            r"(?P<mail>[A-Za-z0-9_.+-]{1,64}[@＠][A-Za-z0-9_-]{1,64}(?:\.[A-Za-z0-9_-]+)+)",
            r"(?P<passport>(?<![A-Za-z0-9])[A-Za-z]{1,2}\d{7,9}(?![A-Za-z0-9]))",
            r"(?P<digits>\+?\d(?:" + _GAP + r"\d){6,}[Xx]?)",
            r"(?P<spelt>" + _HAN_DIGIT + r"{7,})",
            r"(?P<plate>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z]\s?[·・.]?\s?[A-Z0-9]{5,6})",
            r"(?P<handle>(?:微信号?|QQ号?|qq号?|支付宝|抖音号?)\s*(?:是|为)?[:：]?\s*(?P<handle_name>[A-Za-z0-9][\w-]{4,}))",
            r"(?P<flat>(?<!\d)[A-Za-z]?\d{2,4}(?=[室房]))",
        )
    )
)
_NAMED = re.compile(f"(?P<role>{_ROLE}(?:[:：为是]|叫)?\\s?)(?P<name>[{_SURNAME}][\u4e00-\u9fff]{{1,2}}?){_AFTER}")
_TITLED = re.compile(r"\b(Mr|Mrs|Ms|Miss|Dr)(\.?) ([A-Z])[A-Za-z'-]+(?: [A-Z][A-Za-z'-]+)?")


def redacted(text: str, names: Iterable[str] = ()) -> str:
    """``text`` as everybody may read it. ``names`` are those of persons known to have to do with the matter."""
    for name in sorted({name.strip() for name in names}, key=len, reverse=True):
        if len(name) >= 2:
            text = re.sub(re.escape(name), name[0] + "**", text, flags=re.IGNORECASE)
    text = _MARKS.sub(_blotted, text)
    text = _NAMED.sub(lambda found: f"{found['role']}{found['name'][0]}**", text)
    return _TITLED.sub(lambda found: f"{found[1]}{found[2]} {found[3]}**", text)


def _blotted(found: re.Match[str]) -> str:
    kind, whole = found.lastgroup, found[0]
    if found["ticket"] or found["day"]:
        return whole
    if found["digits"]:
        digits = "".join(str(unicodedata.decimal(char)) for char in whole if char.isdecimal())
        national = digits[2:] if digits.startswith("86") and len(digits) == 13 else digits
        if len(national) == 11 and national.startswith("1"):
            return f"{national[:3]}****{national[-4:]}"
    if found["handle"]:
        return whole.removesuffix(found["handle_name"]) + BLOT
    return "**" if kind == "flat" else BLOT
