"""What all pages of the workspace share; it lives with the accounts, where the vocabulary's pages reach it too."""

from zhongshi.accounts.frame import PAGE_SIZE, View, listed, show, workspace_page

__all__ = ["PAGE_SIZE", "View", "listed", "show", "workspace_page"]
