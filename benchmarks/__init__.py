"""What is fast, measured: ratios and CPU, never a gate in the tests."""
