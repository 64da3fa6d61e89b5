"""Code that is handed in is read for its lines and its concepts, and never run."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from tests.builders import built_in

from store.learners import Learner
from store.sqlite import SqliteStore
from tools.context import Context
from tools.review import CodeReceived, CodeWanted, ReviewCode, concepts_in, review_code
