"""An example of a description, for people who look at an empty field."""

from django.utils.translation import gettext as _


def sample() -> tuple[str, str]:
    """Title and text in the reader's language."""
    title = _("Scale-up of a polyimide precursor to 300–500 L")
    text = _(
        "We developed a polyimide precursor that is stable in the laboratory. We plan 3 batches at 300–500 L, about "
        "60 kg each. Reaction temperature −10 to 180 °C, solvent NMP, under nitrogen throughout. An explosion-proof "
        "workshop and a hazardous chemicals permit are required. Preferably in Jiangsu, Zhejiang or Shanghai. "
        "The budget is at most 800,000 yuan. Solvent recovery and thermal analysis are needed as well."
    )
    return title, text
