"""Each platform against its fake."""
