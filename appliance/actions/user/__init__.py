"""People: their accounts, their profiles, their presence."""
