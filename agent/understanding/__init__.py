"""The second reader: which of some fifty intents a sentence resembles, learned from examples."""
