"""Malformed inputs, as tables: where a valid document is changed, to what, and the one fault it gives."""
