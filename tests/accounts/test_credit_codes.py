"""Which codes are taken, and what is said of the others."""

import pytest

from zhongshi.accounts.credit_codes import credit_code
from zhongshi.core.errors import InvalidInput


@pytest.mark.parametrize(
    "entered", ["91110000600037341L", "91110000600037341l", " 9111 0000 6000 3734 1L ", "91110000-600037341L"]
)
def test_a_code_is_brought_into_its_usual_form(entered: str) -> None:
    assert credit_code(entered) == "91110000600037341L"


@pytest.mark.parametrize(
    ("entered", "said"),
    [
        ("9111000060003734", "The code has 18 characters; you entered 16."),
        ("91110000600037341LL", "The code has 18 characters; you entered 19."),
        (
            "A1110000600037341L",
            "The first 8 characters are digits, the others digits and capitals without I, O, S, V and Z.",
        ),
        (
            "91110000600O37341L",
            "The first 8 characters are digits, the others digits and capitals without I, O, S, V and Z.",
        ),
        ("911100006000373411", "The last character does not fit the others. Please compare with the business licence."),
        ("91110000600037431L", "The last character does not fit the others. Please compare with the business licence."),
    ],
)
def test_what_is_wrong_is_said(english: None, entered: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        credit_code(entered)

    assert refusal.value.errors == {"credit_code": [said]}
