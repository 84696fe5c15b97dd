"""What a search for a promise is about: the columns of `trip`."""

from __future__ import annotations

WAY, SITE, TARGET, PARCELS, HORIZON_DAY, HORIZON_END, HIGH, MAY_WAIT, DAY_WANTED, WINDOW_WANTED = range(10)
MARGIN_SECONDS, MARGIN_DAYS, READY, BASE = range(10, 14)
MET = 14  # greatest exact reason met while searching, 0 none
RUN_LAST = 15  # last first-leg collection of those in a row, from the best on, that give the same window
TRIP_COLUMNS = 16
