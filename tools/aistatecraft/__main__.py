"""`python -m aistatecraft`."""

from aistatecraft.cli import main

main()
