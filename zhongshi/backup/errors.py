"""Why a backup or a restore was refused."""


class BackupError(Exception):
    """A sentence for whoever runs the command."""
