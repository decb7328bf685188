"""What the experiment adds to the service: a need that kills its worker, and the other way of starting work."""
