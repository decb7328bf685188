"""Our engine beside other search engines on the synthetic field: `make bench`. No part of the service."""
