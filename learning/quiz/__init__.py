"""Quizzes: items, how they are graded, when they come back, and which come next."""
