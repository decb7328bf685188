"""A zone's figures over a period, counted from its rows whenever they are asked for; nothing is kept."""
