"""What bounds blocks: classes of lines, and walls with the openings where one can pass them."""
