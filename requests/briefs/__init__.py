"""Words from an uploaded task brief (任务书), taken out in a small process of its own: the file is a stranger's.

`bounded` starts such a process and keeps it within limits; `program` is what runs in it, with `word`, `pdf` and
`plain` for the three kinds of file. Nothing here knows Django.
"""
