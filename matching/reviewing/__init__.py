"""What waits for the zone's office: one board over organizations, listings, certificates, needs and matches."""
