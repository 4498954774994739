"""The demo accounts: one person per role, so that every door can be tried."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """A demo user. ``role`` is a row of the roles table, ``unit`` the code of a unit, empty for those who belong to none.

    Passwords are not part of the data: whoever creates the accounts sets them.
    """

    username: str
    role: str
    name_zh: str
    name_en: str
    unit: str = ""


CENTRE = "CC-01"

ACCOUNTS = (
    Account("admin", "system_admin", "系统管理员", "System administrator"),
    Account("security", "security_admin", "安全管理员", "Security administrator"),
    Account("auditor", "auditor", "审计员", "Auditor"),
    Account("district", "district_admin", "区级管理员", "District administrator", CENTRE),
    Account("centre", "command_centre", "指挥中心值班长", "Command centre duty officer", CENTRE),
    Account("evaluator", "evaluator", "考核专员", "Evaluator", CENTRE),
    Account("street", "street_town", "温泉街道分中心经办人", "Wenquan sub-centre handler", "350102003"),
    Account("department", "department", "区城管局经办人", "Urban Management handler", "D-0101"),
    Account("lead", "department_lead", "区城管局负责人", "Urban Management lead", "D-0101"),
    Account("viewer", "viewer", "只读用户", "Read-only user"),
)
