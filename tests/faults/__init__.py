"""Processes killed, stores crashed, messages doubled, answers lost; afterwards nothing is missing and nothing twice."""
