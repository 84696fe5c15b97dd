"""Arrays to arrays: no models, no clock, no exceptions."""
