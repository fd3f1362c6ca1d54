#!/bin/sh
# pandas' read_xml takes an element's text up to the first comment or child only.
#
# Found: of <a>one<!-- c --> two</a> the value is "one", and of <a>CO<sub>2</sub> gas</a> it is "CO". Without a comment
# the first is "one two". Nothing is said.
# One would guess that a comment means nothing, as in XPath's string value, or that markup in a text is an error or is
# left out with the text around it kept. It is lxml's Element.text, which ends at the first node that isn't text.
#
# pandas 3.1.1, lxml 6.1.3. Seen 2026-11-30; the output is below.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"
python3 -m pip install -qq --target lib pandas==3.1.1 lxml==6.1.3

cat >find.py <<'END'
import io

import pandas

for text in ("one two", "one<!-- c --> two", "CO<sub>2</sub> gas"):
    frame = pandas.read_xml(io.StringIO(f"<r><i><a>{text}</a></i></r>"), xpath="/r/i")
    print(text, "->", frame["a"].tolist())
END
cat >expected <<'END'
one two -> ['one two']
one<!-- c --> two -> ['one']
CO<sub>2</sub> gas -> ['CO']
END
PYTHONPATH=lib python3 find.py >actual
if ! cmp -s expected actual; then
  printf '%s\n' "expected:" "$(cat expected)" "but was:" "$(cat actual)"
  exit 1
fi
cat actual
