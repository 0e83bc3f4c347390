"""Old versions: which there are and where, fetching those that this installation does not carry, and the history of a record.

The wheel carries archives of releases. Later or larger ones come from an address or directory that the user names; nobody
else names one. What a release is, is told by registers: that of this installation first, the one at the address only for
versions that this installation does not know.
"""

from aistatecraft.versions.listing import Version, versions
from aistatecraft.versions.place import releases_from
from aistatecraft.versions.tracing import Step, history

__all__ = ["Step", "Version", "history", "releases_from", "versions"]
