"""Drawings of views: Vega-Lite specifications as plain values, made from the data frame of a view and nothing else.

A specification needs no library; `saving` turns it into SVG, PNG or HTML. The same frame gives the same specification, byte
for byte, so that a test can tell whether a picture fits the data.
"""
