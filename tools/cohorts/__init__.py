"""What the mentor does for learners who study together; ADR 19 names the private rows it reads."""
