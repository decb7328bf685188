"""Reading uploaded files of listings: recognised by content, opened only when bounded, turned into records."""
