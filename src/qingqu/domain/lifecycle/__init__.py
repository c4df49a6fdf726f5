"""Tables of (state, step) → state, one file a matter. A step that the table does not have is out of turn."""

from qingqu.domain.lifecycle.table import Lifecycle, OutOfTurn
from qingqu.domain.lifecycle.threshold import THRESHOLD
from qingqu.domain.lifecycle.warning import WARNING

__all__ = ["THRESHOLD", "WARNING", "Lifecycle", "OutOfTurn"]
