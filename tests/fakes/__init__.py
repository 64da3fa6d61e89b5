"""Loopback stand-ins for the servers Mentor talks to, honest enough to be failed against."""
