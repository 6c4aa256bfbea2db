"""Nouns: frozen values that verbs take and give, and the rules of codes; nothing here reads a file, divides land or draws."""
