"""Study groups: what is heard in them, and what is posted there."""
