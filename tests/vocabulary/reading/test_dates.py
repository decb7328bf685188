from datetime import date

import pytest

from zhongshi.vocabulary.reading.clauses import Clauses
from zhongshi.vocabulary.reading.dates import start_dates
from zhongshi.vocabulary.reading.normalise import normalise

from .conftest import TODAY


def starts(text: str, today: date = TODAY) -> list[str]:
    return [moment.value for moment in start_dates(Clauses(normalise(text)), today)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("明年一季度开始", "2027-03-31"),
        ("2027年Q2启动", "2027-06-30"),
        ("8月底前上罐", "--08-31"),
        ("2027年1月启动", "2027-01-31"),
        ("27年1月启动", "2027-01-31"),
        ("三季度要样", "--09-30"),
        ("明年上半年开始", "2027-06-30"),
        ("今年年底前完成", "2026-12-31"),
        ("年底前完成", "--12-31"),
        ("2027-02-15前进场", "2027-02-15"),
        ("12月15日前交样", "--12-15"),
        ("明年2月中旬进场", "2027-02-20"),
        ("十月份开始", "--10-31"),
        ("下月底前启动", "2026-12-31"),
        ("3个月内启动", "P3M"),
        ("两周内签合同", "P14D"),
        ("半年内开工", "P6M"),
        ("start within 6 months", "P6M"),
        ("signed within two weeks", "P14D"),
        ("start by end of March 2027", "2027-03-31"),
        ("start before June 2027", "2027-06-30"),
        ("现在就要能用的线", "P0D"),
        ("start immediately", "P0D"),
        ("春节前完成", "2027-02-05"),
        ("春节后开始", "2027-02-28"),
        ("年前进场", "2027-02-05"),
        ("国庆前交付", "2027-09-30"),
        ("元旦后启动", "2027-01-31"),
        ("2027年3月1日至2027年4月30日占用", "2027-03-01"),
        ("年内启动", "--12-31"),
        ("下个月进场", "2026-12-31"),
    ],
)
def test_start_is_read(text: str, expected: str) -> None:
    assert starts(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "2023年完成小试",
        "公司成立于2015年3月",
        "保质期12个月",
        "3个月内建成",
        "may be cleaned",
        "2024年1月前启动",
        "周期3个月",
        "三年前做过",
        "成年后服用",
    ],
)
def test_what_is_no_start_is_left(text: str) -> None:
    assert starts(text) == []


def test_today_is_given_and_never_read_from_the_clock() -> None:
    assert starts("明年一季度开始", date(2030, 1, 1)) == ["2031-03-31"]
    assert starts("2027年1月启动", date(2028, 1, 1)) == []
