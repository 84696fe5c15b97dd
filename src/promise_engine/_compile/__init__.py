"""Models to arrays. May be slow; checks what spans two objects; ends wall-clock times."""
