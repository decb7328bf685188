"""Who was shown how often is set from outside; one capability explained alone says what the whole ranking says."""

from __future__ import annotations

import pytest

from matching.engine import Index, Rules, explain, match

from .worlds import KNOWLEDGE, line, needs, value


def shown(index: Index) -> list[str]:
    return [result.capability for result in match(index, []).results]


def test_exposure_set_later_breaks_ties_and_forgets_who_is_not_named() -> None:
    index = Index.build([line("a", exposure=9), line("b"), line("c"), line("d")], KNOWLEDGE)
    assert shown(index) == ["b", "c", "d", "a"]

    index.expose({"b": 2, "c": 1, "gone": 5})
    assert shown(index) == ["a", "d", "c", "b"]

    index.expose({})
    assert shown(index) == ["a", "b", "c", "d"]


def test_exposure_never_outweighs_the_score() -> None:
    index = Index.build([line("a", value("process", "drying")), line("b")], KNOWLEDGE)
    index.expose({"a": 1000})

    assert [one.capability for one in match(index, [needs("process", "drying")]).results] == ["a", "b"]


def test_one_alone_is_explained_as_among_all_also_where_a_must_rules_it_out() -> None:
    index = Index.build([line("a", value("process", "drying")), line("b", value("process", "lithography"))], KNOWLEDGE)
    wanted, rules = [needs("process", "drying", hard=True)], Rules(unknown=2)
    outcome = match(index, wanted, rules=rules)

    assert explain(index, "a", wanted, rules=rules) == outcome.results[0]
    assert explain(index, "b", wanted, rules=rules) == outcome.partial[0]
    with pytest.raises(KeyError):
        explain(index, "c", wanted)
