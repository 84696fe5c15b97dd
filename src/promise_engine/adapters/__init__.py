"""The rim: what connects the engine to the outside; the core never imports it."""
