"""Measurements of okrsync that anybody can repeat: each is a module to run, and prints what it found."""
