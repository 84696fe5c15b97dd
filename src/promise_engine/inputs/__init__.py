"""Inputs: documents, records and frames, read and checked into networks, catalogues and stock snapshots."""
