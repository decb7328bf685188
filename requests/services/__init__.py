"""What changes needs."""

from .loading import need_load
from .needs import (
    NeedInput,
    need_edit,
    need_expire,
    need_open,
    need_post,
    need_return,
    need_submit,
    need_withdraw,
)

__all__ = [
    "NeedInput",
    "need_edit",
    "need_expire",
    "need_load",
    "need_open",
    "need_post",
    "need_return",
    "need_submit",
    "need_withdraw",
]
