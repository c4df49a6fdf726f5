"""Who may be given a warning."""

from datetime import date

from django.db.models import QuerySet

from qingqu.orgs import access
from qingqu.orgs.models import Person, Post
from qingqu.watch.models import Warning


def verifiers(item: Warning, day: date) -> QuerySet[Person]:
    """People in office on the day whose right to verify covers the warning's place; who has stepped back from it is
    refused when it is given to them. Two queries."""
    roles = {row.role for row in access.TABLE if row.verb == "watch.verify"}
    held = (
        Post.objects.in_force(day).filter(role__in=roles, person__is_active=True).select_related("division")
    )
    fits = {
        post.person_id for post in held
        if post.division is not None and item.division_code.startswith(post.division.prefixes)
    }  # fmt: skip
    return Person.objects.filter(pk__in=fits).order_by("name", "pk")
