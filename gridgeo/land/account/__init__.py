"""What dividing the land did to what was read, told line by line."""
