"""Moments as Danes write them: "tir 24/3 09:12", in Copenhagen, of the year that the stories play in."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

YEAR = 2026
ZONE = ZoneInfo("Europe/Copenhagen")
DAYS = ("man", "tir", "ons", "tor", "fre", "lør", "søn")
LONG_DAYS = ("Mandag", "Tirsdag", "Onsdag", "Torsdag", "Fredag", "Lørdag", "Søndag")
MONTHS = ("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
          "december")
FORM = re.compile(r"(\w{3}) (\d{1,2})/(\d{1,2}) (\d{1,2}):(\d{2})")


def seconds(text):
    """"tir 24/3 09:12" -> seconds since 1970 UTC. A wrong day of the week is a mistake of the story."""
    day, date, month, hour, minute = FORM.fullmatch(text).groups()
    moment = datetime(YEAR, int(month), int(date), int(hour), int(minute), tzinfo=ZONE)
    if DAYS[moment.weekday()] != day:
        raise ValueError(f"{text}: that is a {DAYS[moment.weekday()]}")
    return int(moment.timestamp())


def local(at):
    return datetime.fromtimestamp(at, ZONE)


def written(at):
    """seconds -> "tir 24/3 09:12" """
    moment = local(at)
    return f"{DAYS[moment.weekday()]} {moment.day}/{moment.month} {moment:%H:%M}"


def day_written(at):
    """seconds -> "Tirsdag 24. marts" """
    moment = local(at)
    return f"{LONG_DAYS[moment.weekday()]} {moment.day}. {MONTHS[moment.month - 1]}"
