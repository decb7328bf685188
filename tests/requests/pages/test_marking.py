"""Words of conditions found again in a text."""

from requests.marking import Piece, marked, place_of


def test_words_are_marked_in_title_and_text() -> None:
    title, text = marked("发酵中试", "要500L罐", [{"text": "发酵", "span": [0, 2]}, {"text": "500L", "span": [6, 10]}])

    assert title == [Piece("发酵", 0), Piece("中试")]
    assert text == [Piece("要"), Piece("500L", 1), Piece("罐")]


def test_words_that_moved_are_found_and_lost_ones_left_out() -> None:
    _, text = marked("", "现在要500L罐", [{"text": "500L", "span": [1, 5]}, {"text": "GMP", "span": [0, 3]}])

    assert text == [Piece("现在要"), Piece("500L", 0), Piece("罐")]


def test_of_two_claims_the_earlier_and_longer_wins() -> None:
    _, text = marked("", "300-500L", [{"text": "500L", "span": [5, 9]}, {"text": "300-500L", "span": [1, 9]}])

    assert text == [Piece("300-500L", 1)]


def test_a_condition_without_words_has_no_place() -> None:
    assert place_of("题\n文", {"text": "", "span": None}) is None
    assert place_of("题\n文", {"text": "文"}) == (2, 3)
