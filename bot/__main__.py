"""`python -m bot` is the program `release-gate`."""

from bot.cli import main

main()
