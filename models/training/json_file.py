"""JSON that people can read: indented, but short lists of numbers on one line."""

import json
import re

FLAT_LIST = re.compile(r"\[\s+((?:-?[\d.e+-]+,\s+)*-?[\d.e+-]+)\s+\]")


def write_json(path, value):
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(FLAT_LIST.sub(lambda found: "[" + re.sub(r"\s+", " ", found[1]) + "]", text) + "\n")
