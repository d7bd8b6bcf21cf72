"""What goes with the ledger's own files when the history is taken out: the checkpoint it ends with, whom to trust, older checkpoints."""

from __future__ import annotations

from contracts.audit import CheckpointPage, ExportLedger, LedgerExport, ListCheckpoints
from contracts.errors import NotFound, NotPermitted
from services.audit.ledger.tiles import Tiles
from services.audit.publishing.agreement import CHECKPOINT
from services.audit.views import Ledger
from shared.context import Context
from shared.readmodel import after_cursor, cursor


class Exports:
    """The history as it is taken out over the API; entries and tiles are read as files of the ledger."""

    def __init__(self, ledger: Ledger, tiles: Tiles, policy: str) -> None:
        self._ledger, self._tiles, self._policy = ledger, tiles, policy

    def export_ledger(self, *, query: ExportLedger, context: Context) -> LedgerExport:
        """Where the export ends, and the policy; raises `NotPermitted` without a reason, `NotFound` before anything is signed."""
        if context.reason is None:
            raise NotPermitted("reason_missing", "The history is taken out for a reason: say it in the header Comhar-Reason.")
        try:
            checkpoint = (self._tiles.folder / CHECKPOINT).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise NotFound("no_checkpoint", "There is no checkpoint yet.") from None
        return LedgerExport(figure=query.figure, checkpoint=checkpoint, policy=self._policy)

    def list_checkpoints(self, *, query: ListCheckpoints) -> CheckpointPage:
        """Signed heads as they were shown, the last of every hour."""
        [after] = after_cursor(query.after, ("0",))
        items = tuple(self._ledger.checkpoints(int(after), query.limit))
        return CheckpointPage(items=items, next=cursor([(str(one.size),) for one in items], query.limit, 0))
