"""Tests of the formats of a release."""
