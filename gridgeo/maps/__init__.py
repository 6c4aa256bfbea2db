"""Maps on screen and on paper."""
