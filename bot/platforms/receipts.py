"""What of a delivery has gone, so that a part is not sent twice by one process."""

from bot.message import Message

DELIVERIES_REMEMBERED = 256


class Receipts:
    """The receipts of the parts that have gone, by delivery.

    A finished delivery is remembered too: the disk may have been full when it was to be noted.
    """

    def __init__(self) -> None:
        self._sent: dict[int, tuple[int, list[str]]] = {}

    def of(self, seq: int, message: Message) -> list[str]:
        """The receipts of a delivery, to be added to; a number with other words begins anew."""
        known = self._sent.get(seq)
        if known is None or known[0] != hash(message):
            while len(self._sent) >= DELIVERIES_REMEMBERED:
                del self._sent[next(iter(self._sent))]
            known = self._sent[seq] = (hash(message), [])
        return known[1]
