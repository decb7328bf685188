"""Two worlds that differ only in somebody else's secret: whoever may not know it must be answered the same in both."""
