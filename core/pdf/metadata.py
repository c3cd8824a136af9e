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
</rdf:RDF>
</x:xmpmeta>"""


def describe(*, title: str, author: str, language: str, moment: datetime) -> str:
    """The XMP of a file in the form of PDF/A-3B.

    Args:
        title: the paper's title and number.
        author: whose paper it is.
        language: the tag of its language, such as "fr".
        moment: what the file gives as the time of its making, with its zone.
    """
    return _FORM.format(
        title=escape(title),
        author=escape(author),
        language=escape(language),
        moment=moment.isoformat(timespec="seconds"),
    )
