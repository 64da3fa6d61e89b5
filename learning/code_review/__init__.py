"""Code review: a file is read, never run; each rule is a small function over what was read."""
