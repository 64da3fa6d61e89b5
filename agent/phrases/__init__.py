"""What a phrase says: days, times, amounts, places, marks and wishes, in Chinese and English."""

from agent.phrases.amounts import days_in, delay_in, hours_a_week_in, number_in
from agent.phrases.clock import time_in
from agent.phrases.dates import day_in
from agent.phrases.topics import more_wanted, narrows_search
from agent.phrases.weeks import weekday_minutes_in
from agent.phrases.zones import zone_in

__all__ = [
    "day_in",
    "days_in",
    "delay_in",
    "hours_a_week_in",
    "more_wanted",
    "narrows_search",
    "number_in",
    "time_in",
    "weekday_minutes_in",
    "zone_in",
]
