"""The API's entrance: who calls, tokens, notices, the audit trail."""
