"""The whole service under load, on this machine alone: ``make load``."""
