#!/bin/sh
# The Python package xmlschema leaves out the text of mixed content, though the schema says that there is some.
#
# Found: to_dict of a valid mixed element has its children only. The text between them comes back when cdata_prefix is
# given, under keys that are numbered.
# One would guess that whoever reads by a schema with mixed="true" keeps the text: that is what the word means.
#
# xmlschema 4.3.2 with elementpath 5.1.4. Seen 2026-11-29; the output is below.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"
python3 -m pip install -qq --no-deps --target lib \
  xmlschema==4.3.2 elementpath==5.1.4 typing_extensions==4.16.0

cat >find.py <<'END'
import xmlschema

schema = xmlschema.XMLSchema(
    """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
      <xs:element name="note">
        <xs:complexType mixed="true">
          <xs:sequence><xs:element name="page" type="xs:int" maxOccurs="unbounded"/></xs:sequence>
        </xs:complexType>
      </xs:element>
    </xs:schema>"""
)
XML = "<note>see <page>7</page> first</note>"
print(schema.is_valid(XML))
print(schema.to_dict(XML))
print(schema.to_dict(XML, cdata_prefix="#"))
END
cat >expected <<'END'
True
{'page': [7]}
{'#1': 'see', 'page': [7], '#2': 'first'}
END
PYTHONPATH=lib python3 find.py >actual
if ! cmp -s expected actual; then
  printf '%s\n' "expected:" "$(cat expected)" "but was:" "$(cat actual)"
  exit 1
fi
cat actual
