"""The warning: one sentence with both values, then where each comes from, then what happened. The rules as sentences,
their thresholds, and how a value is changed by two people."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingqu.base import clock
from qingqu.base.errors import Refusal
from qingqu.domain.rules import Rule
from qingqu.ledger.models import Entry
from qingqu.orgs import access
from qingqu.orgs.models import Division, Person
from qingqu.projects.strip import project_strip, step_of
from qingqu.watch import actions, people, previews, rulebook, showing, thresholds
from qingqu.watch.evidence import Shown, cleared_by
from qingqu.watch.forms import Assignment, Decision, Threshold
from qingqu.watch.models import Gap, RuleResult, RuleVersion, ThresholdChange, Warning
from qingqu.watch.rules import published
from qingqu.watch.sections import days_left
from qingqu.watch.system import INCOMPLETE

OTHERS, GAPS = 20, 200
PREVIEW, PROPOSE = "preview", "propose"


def _warning(person: Person, ref: str) -> Warning:
    return get_object_or_404(Warning.objects.visible_to(person).select_related("run", "assigned_to"), ref=ref)


@require_safe
def warning(request: HttpRequest, ref: str) -> HttpResponse:
    """One warning within the person's reach."""
    person, today = access.visitor(request.user, "watch.see"), clock.today()
    item = _warning(person, ref)
    masked = access.reach(person, "watch.see").masked
    version = RuleVersion.objects.filter(digest=item.rule_digest).first()
    told: dict[str, Any] = version.told if version else {}
    judged = told.get("judged", [])
    shown = Shown(item, person, judged, masked=masked)
    page = shown.page(request.GET.get("page"))
    events = [
        {"at": event.at, "word": showing.event_word(event.kind), "text": showing.masked_numbers(event.text) if masked else event.text}
        for event in item.events.order_by("-pk")
    ]  # fmt: skip
    place = Division.objects.filter(code=item.division_code).first()
    entry = Entry.objects.about(f"run:{item.run.ref}").first()
    may_assign = item.state != "closed" and access.may(person, "watch.assign", item)
    context = {
        "warning": item, "who": showing.subject_of(item, masked=masked, place=place.name if place else ""), "kind": showing.kind_word(item.subject_kind),
        "message": showing.masked_numbers(item.message) if masked else item.message, "told": told, "events": events,
        "groups": shown.groups(page), "page_of": page, "cleared": cleared_by(item, judged, shown),
        "days_left": days_left(item.due_date, today), "others": _others(item, person), "gaps": _gaps(item),
        "strip": project_strip(item.subject_key, item.as_of, highlight=step_of(judged, item.told_datasets)) if item.subject_kind == "project" else [],
        "projects": item.subject_key.split("+") if item.subject_kind == "project" else [],
        "place": place,
        "proof": f"{entry.log}/{entry.index}" if entry else "",
        "may_see_rule": access.may(person, "watch.see_rules") and version is not None and not item.rule_code.startswith("S"),
        "assignment": Assignment(people=people.verifiers(item, today)) if may_assign else None,
    }  # fmt: skip
    return render(request, "watch/warning.html", context)


def _others(item: Warning, person: Person) -> list[Warning]:
    """Other open warnings about the same subject."""
    same = Q(subject_kind=item.subject_kind, subject_key=item.subject_key)
    found = Warning.objects.visible_to(person).open().filter(same).exclude(pk=item.pk)
    return list(found.order_by(*showing.order())[:OTHERS])


def _gaps(item: Warning) -> list[dict[str, Any]]:
    """For a department that owes values: the subjects that could not be judged, the oldest first."""
    if item.rule_code != INCOMPLETE.code:
        return []
    dataset, _at, department = item.subject_key.partition("@")
    found = Gap.objects.filter(dataset=dataset, department=department).order_by("since", "rule_code", "pk")[
        :GAPS
    ]
    return [
        {"rule": gap.rule_code, "since": gap.since, "who": showing.subject_text(gap.subject_kind, gap.subject_key, gap.subject_name)}
        for gap in found
    ]  # fmt: skip


@require_POST
def assign_warning(request: HttpRequest, ref: str) -> HttpResponse:
    """Gives a warning to whoever verifies it."""
    person = access.visitor(request.user, "watch.see")
    item = _warning(person, ref)
    form = Assignment(request.POST, people=people.verifiers(item, clock.today()))
    if not form.is_valid():
        messages.error(request, _("Choose who verifies."))
        return redirect("watch-warning", ref)
    to = form.cleaned_data["to"]
    done = _("In the hands of %s.") % to.name
    return _decided(
        request,
        lambda: actions.assign_warning(warning=item, to=to, by=person, now=clock.now()),
        done,
        "watch-warning",
        ref,
    )


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The rules as sentences with the values in force."""
    person, today = access.visitor(request.user, "watch.see_rules"), clock.today()
    waiting = (
        ThresholdChange.objects.visible_to(person).filter(state="proposed").select_related("proposed_by")
    )
    context = {
        "sections": rulebook.by_section(published(as_of=today), person), "today": today,
        "waiting": list(waiting.order_by("pk")), "may_count": access.may(person, "watch.see"),
    }  # fmt: skip
    return render(request, "watch/rules.html", context)


def _rule(code: str) -> tuple[Rule, Rule]:
    """The rule with the values in force today, and as its file has it."""
    found = {rule.code: rule for rule in published(as_of=clock.today())}
    if code not in found:
        raise Http404
    return found[code], published(codes=[code])[0]


@require_safe
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """One rule: sentence, thresholds with range and basis, what it found, how its values changed."""
    person, today = access.visitor(request.user, "watch.see_rules"), clock.today()
    told, plain = _rule(code)
    changes = (
        ThresholdChange.objects.visible_to(person)
        .filter(rule_code=code)
        .select_related("proposed_by", "decided_by")
    )
    may_see = access.may(person, "watch.see")
    found = Warning.objects.visible_to(person).filter(rule_code=code)
    context = {
        "rule": told, "params": rulebook.params(told, plain, today), "changes": list(changes.order_by("-pk")[:50]),
        "results": list(RuleResult.objects.filter(code=code).select_related("run").order_by("-pk")[:10]), "may_change": bool(thresholds.places(person, told)),
        "open": found.current().count() if may_see else None, "closed": found.filter(state="closed").count() if may_see else None,
        "stock": found.open().filter(stock=True).count() if may_see else None, "source": told.tree.get("source", ""),
    }  # fmt: skip
    return render(request, "watch/rule.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def propose_threshold(request: HttpRequest, code: str, param: str) -> HttpResponse:
    """A new value: first the preview of what would fire, then the reason, then a second person."""
    person = access.visitor(request.user, "watch.propose_threshold")
    told, plain = _rule(code)
    places = thresholds.places(person, told)
    if not places:
        raise PermissionDenied
    if param not in told.params:
        raise Http404
    one = told.params[param]
    low, high = rulebook.tidy(one.low), rulebook.tidy(one.high)
    hint = _("From %(low)s to %(high)s %(unit)s. Empty: back to the default.") % {
        "low": low,
        "high": high,
        "unit": one.unit,
    }
    initial = {name: request.GET.get(name, "") for name in ("value", "place", "kind")}
    form = Threshold(
        request.POST or None, places=places, kinds=rulebook.kinds_of(told), title=one.title, help_text=hint, initial=initial,
    )  # fmt: skip
    shown = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        division = next(place for place in places if place.code == given["place"])
        wish = {
            "rule_code": code,
            "param": param,
            "value": given["value"],
            "division": division,
            "subject_type": given.get("kind", ""),
        }
        try:
            if request.POST.get("step") == PROPOSE:
                change = actions.propose_threshold(**wish, reason=given["reason"], by=person, now=clock.now())
                messages.success(request, _("Proposed. It waits for a second person's signature."))
                return redirect("watch-threshold", change.ref)
            shown = rulebook.shown_preview(previews.preview_of(**wish, now=clock.now()), person)
        except Refusal as error:
            form.add_error("reason" if error.code == "reason" else "value", error.sentence)
            if error.code == "reason":
                shown = rulebook.shown_preview(previews.preview_of(**wish, now=clock.now()), person)
    context = {
        "rule": told, "param": one, "value": rulebook.tidy(one.value), "default": rulebook.tidy(plain.params[param].value),
        "form": form, "preview": shown,
    }  # fmt: skip
    return render(request, "watch/propose_threshold.html", context, status=422 if form.errors else 200)


def _change(request: HttpRequest, ref: str) -> tuple[Person, ThresholdChange]:
    person = access.visitor(request.user, "watch.see_rules")
    seen = ThresholdChange.objects.visible_to(person).select_related("proposed_by", "decided_by")
    return person, get_object_or_404(seen, ref=ref)


@require_safe
def threshold(request: HttpRequest, ref: str) -> HttpResponse:
    """One proposed value: what was seen when it was proposed, and the decision."""
    person, change = _change(request, ref)
    told, _plain = _rule(change.rule_code)
    kept = change.preview
    codes = {town.ljust(12, "0") for town in kept["by_town"]} | {change.division_code}
    names = dict(Division.objects.filter(code__in=codes).values_list("code", "name"))
    waiting, own = change.state == "proposed", change.proposed_by_id == person.pk
    context = {
        "change": change, "rule": told, "param": told.params.get(change.param), "own": own,
        "place": names.get(change.division_code, change.division_code), "kept": kept,
        "preview": rulebook.town_table(kept["by_town"], kept["counts"], names) | {"as_of": kept["as_of"], "held_up": kept["held_up"]},
        "may_sign": waiting and not own and access.may(person, "watch.publish_rule", change),
        "may_withdraw": waiting and own, "decision": Decision(),
    }  # fmt: skip
    return render(request, "watch/threshold.html", context)


@require_POST
def sign_threshold(request: HttpRequest, ref: str) -> HttpResponse:
    """The second person's signature."""
    person, change = _change(request, ref)
    return _decided(
        request, lambda: actions.sign_threshold(change=change, by=person, now=clock.now()),
        _("Signed. In force from tomorrow."), "watch-threshold", ref,
    )  # fmt: skip


@require_POST
def refuse_threshold(request: HttpRequest, ref: str) -> HttpResponse:
    """The second person sends it back."""
    person, change = _change(request, ref)
    note = request.POST.get("note", "")
    return _decided(
        request, lambda: actions.refuse_threshold(change=change, note=note, by=person, now=clock.now()),
        _("Sent back."), "watch-threshold", ref,
    )  # fmt: skip


@require_POST
def withdraw_threshold(request: HttpRequest, ref: str) -> HttpResponse:
    """Whoever proposed it takes it back."""
    person, change = _change(request, ref)
    return _decided(
        request, lambda: actions.withdraw_threshold(change=change, by=person, now=clock.now()),
        _("Withdrawn."), "watch-threshold", ref,
    )  # fmt: skip


def _decided(request: HttpRequest, act: Callable[[], object], done: str, page: str, ref: str) -> HttpResponse:
    try:
        act()
        messages.success(request, done)
    except Refusal as error:
        messages.error(request, error.sentence)
    return redirect(page, ref)
