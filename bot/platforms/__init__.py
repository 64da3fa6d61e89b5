"""One module for each chat platform, all behind the port."""
