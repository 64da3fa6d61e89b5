"""Submissions read in a process of their own: nothing a learner hands in is parsed in this one."""
