"""What layers say before any land is divided: buildings that claim land, institutions' grounds, water, lines that bound."""
