"""PostgreSQL and Redis from wheels, and one supervisor for web, worker and beat.

Process supervision only: nothing here imports Django, so it also works before the settings can be read.
"""
