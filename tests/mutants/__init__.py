"""Deliberate faults, which prove that the comparison with the twin would catch real ones."""
