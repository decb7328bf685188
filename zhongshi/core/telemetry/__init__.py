"""What the service says about itself: lines of the log and figures of a process. No names, no secrets, no questions."""
