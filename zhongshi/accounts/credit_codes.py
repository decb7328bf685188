"""The unified social credit code (统一社会信用代码): eighteen characters, the last of which checks the others."""

from django.utils.translation import gettext as _
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength

from zhongshi.core.errors import InvalidInput


def credit_code(entered: str) -> str:
    """Return the code in its usual form, without blanks and in capitals.

    Raises InvalidInput for the field `credit_code`, saying whether length, characters or check digit are wrong.
    """
    code = uscc.compact(entered)
    try:
        return uscc.validate(code)
    except InvalidLength:
        said = _("The code has 18 characters; you entered %(length)s.") % {"length": len(code)}
    except InvalidFormat:
        said = _("The first 8 characters are digits, the others digits and capitals without I, O, S, V and Z.")
    except InvalidChecksum:
        said = _("The last character does not fit the others. Please compare with the business licence.")
    raise InvalidInput(errors={"credit_code": [said]})
