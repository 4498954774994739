"""The words of worked examples: what an evaluator writes of a duty, in either language, and the field of a fact it fills."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain import facts

MOMENT, MOMENTS, WHOLE, FLAG, CHOICE, NAMES, EXCLUSION, SAID = "moment", "moments", "whole", "flag", "choice", "names", "exclusion", "said"


@dataclass(frozen=True, slots=True)
class Word:
    """One word: the field of a ``Fact`` it fills, how its value is written, and what a flag sets."""

    field: str
    takes: str = MOMENT
    value: bool = True
    options: Mapping[str, str] | None = None


def _options(**either: str) -> dict[str, str]:
    """Each value under its own code and under its Chinese word."""
    return {word: code for code, words in either.items() for word in (code, *words.split())}


RATINGS = _options(satisfied="满意", basic="基本满意", fair="一般", dissatisfied="不满意")
ARRIVALS = _options(on_time="准时 准时到场", late="迟到", absent="未到 未到场", remote="远程 远程参加")
RESULTS = _options(solved="解决 已解决", partly="部分解决", explained="解释说明", unsolved="未解决")
EFFECTS = _options(solved="解决 已解决", partly="部分解决", unsolved="未解决")
ACCURACIES = _options(accurate="准确", partly="基本准确", not_ours="非本部门职责", own="街镇可自行处置")
RETURNS = _options(open="待定", approved="同意", rejected="驳回", lapsed="逾期", cancelled="撤销")
TURNS = _options(dispatch="派遣", backstop="兜底", reopen="重办")
MARK_STATES = _options(given="已评", open="待评", missed="未评", annulled="作废")

KINDS = _options(case="事项", round="轮次", call="呼叫")
"""The three kinds of duty, as a row begins."""

_ENGLISH = {
    "reported": Word("reported_at"),
    "dispatched": Word("dispatched_at"),
    "signed": Word("signed_at"),
    "auto signed": Word("auto_signed", FLAG),
    "response due": Word("response_due_at"),
    "responded": Word("responded_at"),
    "due": Word("due_at"),
    "completed": Word("completed_at"),
    "done": Word("completed", FLAG),
    "not done": Word("completed", FLAG, value=False),
    "on time": Word("on_time", FLAG),
    "late": Word("on_time", FLAG, value=False),
    "withdrawn": Word("withdrawn_at"),
    "returned": Word("returned", CHOICE, options=RETURNS),
    "return asked": Word("returned_at"),
    "reworks": Word("reworks", WHOLE),
    "rating": Word("rating", CHOICE, options=RATINGS),
    "rated": Word("rated_at"),
    "excluded": Word("excluded", EXCLUSION),
    "unknown": Word("unknown", NAMES),
    "turn": Word("turn", CHOICE, options=TURNS),
    "reopened": Word("reopened_at"),
    "undone": Word("undone_at"),
    "suspended": Word("suspended_at"),
    "paused": Word("paused_at"),
    "extended": Word("extended_at"),
    "contact due": Word("contact_due_at"),
    "contacted": Word("contacted_at"),
    "appointment": Word("appointment_at"),
    "arrive by": Word("arrive_by"),
    "reported in": Word("reported_in_at"),
    "arrival": Word("arrival", CHOICE, options=ARRIVALS),
    "wants call": Word("wants_call", FLAG),
    "called": Word("calls", MOMENTS),
    "earlier": Word("earlier", MOMENTS),
    "units": Word("units", WHOLE),
    "received": Word("received", SAID),
    "owed": Word("owed", SAID),
    "result": Word("solved", CHOICE, options=EFFECTS),
    "followed up": Word("solved_at"),
    "closed as": Word("result", CHOICE, options=RESULTS),
    "worked": Word("worked", WHOLE),
    "found first": Word("proactive", FLAG),
    "repeat": Word("repeat", FLAG),
    "no repeat": Word("repeat", FLAG, value=False),
}

CHINESE = {
    "上报": "reported",
    "派遣": "dispatched",
    "分发": "dispatched",
    "签收": "signed",
    "自动签收": "auto signed",
    "响应期限": "response due",
    "响应": "responded",
    "期限": "due",
    "应结": "due",
    "办结": "completed",
    "已办结": "done",
    "未办结": "not done",
    "按期": "on time",
    "超期": "late",
    "收回": "withdrawn",
    "退单": "returned",
    "申请退单": "return asked",
    "返工": "reworks",
    "评价": "rating",
    "评价于": "rated",
    "剔除": "excluded",
    "未记录": "unknown",
    "轮次类型": "turn",
    "重办": "reopened",
    "办结作废": "undone",
    "挂起中": "suspended",
    "挂起": "paused",
    "延期": "extended",
    "联系期限": "contact due",
    "联系": "contacted",
    "约定": "appointment",
    "最迟到场": "arrive by",
    "报到": "reported in",
    "报到情况": "arrival",
    "应呼叫": "wants call",
    "发出呼叫": "called",
    "曾派遣": "earlier",
    "经手单位": "units",
    "收到评价": "received",
    "应作评价": "owed",
    "回访结果": "result",
    "回访": "followed up",
    "办结结果": "closed as",
    "工作秒数": "worked",
    "主动发现": "found first",
    "重复件": "repeat",
    "非重复件": "no repeat",
}

WORDS: Mapping[str, Word] = {**_ENGLISH, **{word: _ENGLISH[english] for word, english in CHINESE.items()}}
"""Every word, in either language."""

MARK_WORDS: Mapping[str, Word] = {
    word: Word(field, takes, options=options)
    for field, takes, options, words in (
        ("state", CHOICE, MARK_STATES, ("state", "状态")),
        ("closed_at", MOMENT, None, ("closed", "办结")),
        ("due_at", MOMENT, None, ("due", "期限")),
        ("open_at", MOMENT, None, ("open", "公开")),
        ("arrival", CHOICE, ARRIVALS, ("arrival", "报到情况")),
        ("effect", CHOICE, EFFECTS, ("effect", "处置效果")),
        ("accuracy", CHOICE, ACCURACIES, ("accuracy", "呼叫准确度")),
    )
    for word in words
}
"""What is said of a unit after a call, behind ``received`` or ``owed``."""

UNKNOWNS = frozenset(
    {
        *(facts.REPORTED, facts.DISPATCHED, facts.SIGNED, facts.RESPONDED, facts.DUE, facts.COMPLETED, facts.OUTCOME, facts.RETURNS),
        *(facts.REWORKS, facts.RATING, facts.CALLS, facts.CONTACTS, facts.EXTENSIONS, facts.SUSPENSIONS, facts.FOLLOW_UPS),
    }
)
"""What may stand behind ``unknown``."""

PERIOD, AS_OF, SIZE = "period", "as of", "size"
SETTINGS = {"period": PERIOD, "周期": PERIOD, "as of": AS_OF, "截止": AS_OF, "size": SIZE, "规模": SIZE}
