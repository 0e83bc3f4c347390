"""The command line. One module a command; each imports what it needs when it runs."""

from aistatecraft.cli.app import main

__all__ = ["main"]
