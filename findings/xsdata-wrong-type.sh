#!/bin/sh
# xsdata puts a string into a field that is an int, and warns where a job's log hardly shows it.
#
# Found: a value that doesn't fit its field's type is kept as the text that it is, with a Python warning. The
# dataclass's annotation then lies. An unknown element, which loses less, is an error by default.
# One would guess an error for both: a binding by types is there to give these types.
# ParserConfig(fail_on_converter_warnings=True) makes it one.
#
# xsdata 26.10. Seen 2026-11-29; the output is below.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"
python3 -m pip install -qq --no-deps --target lib xsdata==26.10 typing_extensions==4.16.0

cat >find.py <<'END'
import warnings
from dataclasses import dataclass, field

from xsdata.exceptions import ParserError
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig
from xsdata.formats.dataclass.parsers.handlers import XmlEventHandler


@dataclass
class Order:
    quantity: int = field(metadata={"type": "Element"})


def read(config, xml):
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            result = XmlParser(config=config, handler=XmlEventHandler).from_string(xml, Order)
        except ParserError as error:
            result = "refused: " + str(error).splitlines()[0]
    print(result, [warning.category.__name__ for warning in warned])


read(ParserConfig(), "<Order><quantity>12 pieces</quantity></Order>")
read(ParserConfig(), "<Order><quantity>12</quantity><unit>piece</unit></Order>")
read(ParserConfig(fail_on_converter_warnings=True), "<Order><quantity>12 pieces</quantity></Order>")
END
cat >expected <<'END'
Order(quantity='12 pieces') ['ConverterWarning']
refused: Unknown property Order:unit []
refused: Failed to convert value for `Order.quantity` []
END
PYTHONPATH=lib python3 find.py >actual
if ! cmp -s expected actual; then
  printf '%s\n' "expected:" "$(cat expected)" "but was:" "$(cat actual)"
  exit 1
fi
cat actual
