"""What a department of the contracts is called where no organisation of its code has been entered yet."""

from qingqu.base import packs


def word(code: str) -> str:
    """The Chinese word of `packs/departments.yml`; a code that it lacks stands as it is."""
    told = packs.read("departments.yml")
    return str(told.get(code, code)) if isinstance(told, dict) else code
