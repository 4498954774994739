"""Made-up citizens' messages: three classes with words of their own, and some that belong to none."""

from __future__ import annotations

import random

from app.learning.samples import Samples

SAID = {
    "市容": ("小区门口垃圾桶满了没人清运", "路边摊贩占道经营", "墙上贴满小广告", "绿化带里堆着建筑垃圾", "烧烤摊油烟很大污水横流"),
    "交通": ("公交车半小时才来一班", "路口红绿灯不亮", "人行道停满机动车", "学校门前上下班堵车", "斑马线看不清"),
    "教育": ("孩子入学学位不够", "幼儿园收费太高", "老师课后有偿补课", "学校食堂饭菜质量差", "高考加分政策怎么定"),
}
STREETS = ("鼓东街", "温泉路", "南后街", "安泰河", "华大巷", "水部里", "五凤山", "洪山桥")
ASKS = ("请有关部门处理", "希望尽快解决", "多次反映没有结果", "麻烦核实并回复", "居民意见很大")
OUTSIDE = ("海关通关手续费用如何计算", "农田灌溉水渠淤积影响插秧", "退伍军人优抚金何时发放", "鱼塘被台风冲毁求补助", "护照签证预约排不上号")


def messages(each: int, seed: int = 1) -> Samples:
    """``each`` messages of every class, shuffled; no two of them the same."""
    chance = random.Random(seed)
    told: dict[str, str] = {}
    while len(told) < each * len(SAID):
        label = list(SAID)[len(told) % len(SAID)]
        one, other = chance.sample(SAID[label], 2)
        told.setdefault(f"{chance.choice(STREETS)}{chance.randint(1, 999)}号{one}，{other}，{chance.choice(ASKS)}。", label)
    texts = list(told)
    chance.shuffle(texts)
    rows = list(range(2, len(texts) + 2))
    return Samples(rows, texts, [()] * len(texts), [told[text] for text in texts], list(map(str, rows)), [""] * len(texts))
