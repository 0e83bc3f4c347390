"""Analyses: from the tables to what researchers ask, such as which codes the names of their own frame have, what was in force on a day,
country-year panels, networks of acts and a measure of hedging.

Every function reads one package (this installation, a path or a released version) and gives a data frame whose columns its docstring
explains. Nothing is counted as zero that the tables do not cover.
"""

from __future__ import annotations
