"""What a paper's file says about itself, as PDF/A wants it: in XMP.

fpdf2 can write this too, but puts the time of the writing into it, so that the same paper would
be another file each time.
"""

from datetime import datetime
from html import escape
from typing import Final

_FORM: Final = """\
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<xmp:CreatorTool>Comptoir</xmp:CreatorTool>
<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>
</rdf:Description>
{e_invoice}</rdf:RDF>
</x:xmpmeta>"""


_PROPERTY: Final = """\
<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>
<pdfaProperty:valueType>Text</pdfaProperty:valueType>
<pdfaProperty:category>external</pdfaProperty:category>
<pdfaProperty:description>{description}</pdfaProperty:description></rdf:li>
"""
_PROPERTIES: Final = (
    ("DocumentFileName", "The name of the embedded XML document"),
    ("DocumentType", "The type of the hybrid document in capital letters"),
    ("Version", "The version of the standard of the embedded XML document"),
    ("ConformanceLevel", "The conformance level of the embedded XML document"),
)
_E_INVOICE: Final = """\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>fx</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>
{properties}</rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
<rdf:Description rdf:about=""
 xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#">
<fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>{file_name}</fx:DocumentFileName>
<fx:Version>1.0</fx:Version><fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>
</rdf:Description>
"""


def e_invoice(file_name: str) -> str:
    """What the XMP says of the e-invoice inside (Factur-X 1.0, 6.3), for `describe`.

    PDF/A knows no such properties: the file describes them itself.

    Args:
        file_name: what the e-invoice is called inside the file.
    """
    properties = "".join(
        _PROPERTY.format(name=name, description=description) for name, description in _PROPERTIES
    )
    return _E_INVOICE.format(properties=properties, file_name=escape(file_name))


def describe(
    *, title: str, author: str, language: str, moment: datetime, e_invoice: str = ""
) -> str:
    """The XMP of a file in the form of PDF/A-3B.

    Args:
        title: the paper's title and number.
        author: whose paper it is.
        language: the tag of its language, such as "fr".
        moment: what the file gives as the time of its making, with its zone.
        e_invoice: what `e_invoice` says of one inside.
    """
    return _FORM.format(
        title=escape(title),
        author=escape(author),
        language=escape(language),
        moment=moment.isoformat(timespec="seconds"),
        e_invoice=e_invoice,
    )
