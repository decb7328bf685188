"""What the operator's desk shows of its own supply, computed from rows: calendars, sheets, completeness."""
