"""Networks with one thing doubtful each."""
