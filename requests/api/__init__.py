"""Needs over HTTP."""
