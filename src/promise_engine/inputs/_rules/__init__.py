"""Rules about two objects of a network, by topic; each check adds what it finds to the findings."""
