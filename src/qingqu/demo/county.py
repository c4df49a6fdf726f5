"""The whole county in memory, before a single file is written: seeded, the same for the same day, seed and size."""

from dataclasses import dataclass
from datetime import date

from qingqu.demo import benefits, planting, society, troubles, villages
from qingqu.demo import people as folk
from qingqu.demo.benefits import Benefits
from qingqu.demo.days import Days, deliveries
from qingqu.demo.dossiers import Dossier, dossier
from qingqu.demo.irregularities import Irregularity, project_cases
from qingqu.demo.people import People
from qingqu.demo.projects import projects
from qingqu.demo.society import Society
from qingqu.demo.villages import Villages


@dataclass(frozen=True)
class County:
    """Everything that happened, and what the rules must find in it: these and no others."""

    known: Days
    seed: int
    people: People
    benefits: Benefits
    society: Society
    dossiers: list[Dossier]
    villages: Villages
    stated: list[Irregularity]


def county(as_of: date, *, seed: int, people: int, project_count: int) -> County:
    """The county as it stands on the day."""
    known = deliveries(as_of)
    everybody = folk.make(people, as_of, seed)
    given, others = benefits.make(everybody, known, seed), society.make(everybody, known, seed)
    stated = list(planting.stated(list(planting.plant(everybody, given, others, known)), known))
    dossiers = [dossier(one, known, seed) for one in projects(known, count=project_count, seed=seed)]
    laid, told = troubles.lay(everybody, others, known, seed)
    dossiers += laid
    collectives = villages.make(everybody, others, known, seed)
    stated += [*project_cases(as_of), *told, *troubles.delayed(dossiers, as_of)]
    stated += villages.stated(collectives, everybody, known)
    return County(known, seed, everybody, given, others, dossiers, collectives, stated)
