"""Releases: which there are and where, archives that anyone can rebuild to the byte, the register, and the history of records.

The wheel carries archives of releases. Later or larger ones come from an address or directory that the user names; nobody
else names one. What a release is, is told by registers: that of this installation first, the one at the address only for
versions that this installation does not know.
"""
