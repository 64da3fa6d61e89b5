"""The rules of learning: pure values and functions, no clock, disk, network or framework."""
