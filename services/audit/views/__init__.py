"""What audit keeps of the facts: the ledger, which holds every one, its entries as they are asked for, and who looked at what."""

from services.audit.views.accesses import Accesses
from services.audit.views.entries import Entries, Entry
from services.audit.views.ledger import OWN, SOURCES, Held, Ledger, Tail

__all__ = ["OWN", "SOURCES", "Accesses", "Entries", "Entry", "Held", "Ledger", "Tail"]
