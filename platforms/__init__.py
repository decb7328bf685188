"""Supply: platforms, their capabilities with typed facts, equipment, certificates, availability, import."""
