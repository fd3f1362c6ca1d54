#!/bin/sh
# xmltodict hands an element's text to a streaming callback only if the element has no attributes.
#
# Found: with item_depth, the item is {'@no': '1'} and its text is nowhere, neither in the item nor in the path. Without
# attributes the item is the text. Read whole, the same document gives {'@no': '1', '#text': 'first'}.
# One would guess that the streaming mode gives the same items as the other, one by one. It is the mode for large files,
# and nothing fails: the column is empty, in those rows only that have an attribute.
#
# xmltodict 1.0.4. Seen 2026-11-29; the output is below.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"
python3 -m pip install -qq --no-deps --target lib xmltodict==1.0.4

cat >find.py <<'END'
import xmltodict

XML = '<orders><order no="1">first</order><order>second</order></orders>'


def take(path, item):
    print("streamed:", path[-1], item)
    return True


for item in xmltodict.parse(XML)["orders"]["order"]:
    print("whole:", item)
xmltodict.parse(XML, item_depth=2, item_callback=take)
END
cat >expected <<'END'
whole: {'@no': '1', '#text': 'first'}
whole: second
streamed: ('order', {'no': '1'}) {'@no': '1'}
streamed: ('order', None) second
END
PYTHONPATH=lib python3 find.py >actual
if ! cmp -s expected actual; then
  printf '%s\n' "expected:" "$(cat expected)" "but was:" "$(cat actual)"
  exit 1
fi
cat actual
