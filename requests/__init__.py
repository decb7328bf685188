"""Demand: needs with conditions and revisions. (The name hides PyPI's HTTP library on purpose: see docs/adr/0001.)"""
