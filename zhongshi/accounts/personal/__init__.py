"""Personal data: which columns hold any, what a person gets of it, and how it goes."""
