"""What is remembered: the only SQL, transactions as scripts, and the files of curricula/."""
