"""Blocks: land enclosed by borders, streets, railways, hard waterways and barriers."""
