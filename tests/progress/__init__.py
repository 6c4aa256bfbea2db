"""How far a verb has come."""
