"""What a matcher is: it reads one file and says what it saw, and where."""

from collections.abc import Callable, Iterator

from learning.code_review.reading import Fine, Hit, Reading

Matcher = Callable[[Reading], Iterator[Hit | Fine]]
