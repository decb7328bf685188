"""Public pages of the catalogue, and of one's own listings for those who run or review them."""
