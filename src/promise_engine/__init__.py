"""Delivery promises for checkouts."""
