"""What the user says: validated, frozen, unknown fields refused."""
