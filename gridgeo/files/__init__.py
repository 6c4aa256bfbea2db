"""Files: the only reader of others' files, of plan files, and the only way bytes reach a disk."""
