"""How fast the death of a clone is simulated, beside how rightly."""
