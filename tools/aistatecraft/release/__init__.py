"""Releases: an archive of the package that anyone can rebuild to the byte, and the register of what was released."""

from aistatecraft.release.build import Built, build_archive, release
from aistatecraft.release.register import Entry, Register

__all__ = ["Built", "Entry", "Register", "build_archive", "release"]
