"""Chinese text as it is compared: 無錫 and 无锡, ＡＢＣ and abc are the same.

`traditional.txt` has pairs of a traditional character and its simplified one, from the table
TSCharacters of OpenCC (Apache-2.0); of several simplified ones the likeliest. For comparing that is
enough; it is no translation, and never shown.
"""

import unicodedata
from pathlib import Path

_PAIRS = Path(__file__).with_name("traditional.txt").read_text(encoding="utf-8").split()
SIMPLIFIED = str.maketrans({pair[0]: pair[1] for pair in _PAIRS})


def folded(text: str) -> str:
    """Simplified characters, plain narrow letters in lower case."""
    return unicodedata.normalize("NFKC", text).lower().translate(SIMPLIFIED)
