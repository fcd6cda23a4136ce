"""Honest small programs that do the least the job asks for, and peers; each is started as a process of its own."""
