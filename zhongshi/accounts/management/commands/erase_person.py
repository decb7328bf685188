"""``manage.py erase_person NAME --yes``: delete an account on its owner's written request."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from zhongshi.accounts.models import User
from zhongshi.accounts.services.erasing import erase_obstacle, person_erase


class Command(BaseCommand):
    """Erase one person, named by the name to sign in with. Without --yes only says whether it can be done."""

    help = "Erase somebody's personal data for good; what the organization did stays."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the name and a word of confirmation."""
        parser.add_argument("username")
        parser.add_argument("--yes", action="store_true", help="really do it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Erase, or say what is in the way."""
        user = User.objects.filter(username=options["username"], erased_at=None).first()
        if user is None:
            raise CommandError("There is no such account.")
        if obstacle := erase_obstacle(user):
            raise CommandError(obstacle)
        if not options["yes"]:
            self.stdout.write("The account can be erased. Say --yes to do it; nothing brings it back.")
            return
        person_erase(user=user, by=None)
        self.stdout.write(f"Erased; rows that named the person now name {user.username}.")
