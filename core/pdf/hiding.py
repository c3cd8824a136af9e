"""What a template leaves out of a paper, as long as nothing is lost that must be told."""

from dataclasses import replace

from core.domain.papers.look import PaperPart
from core.domain.papers.view import Paper, PaperColumn

_COLUMNS = {
    PaperPart.SKU: PaperColumn.SKU,
    PaperPart.UNIT: PaperColumn.UNIT,
    PaperPart.DISCOUNT: PaperColumn.DISCOUNT,
    PaperPart.TAX: PaperColumn.TAX,
}


def without_hidden(paper: Paper) -> Paper:
    """The paper without the parts that its look hides.

    Tax rates stay where the lines have several, and discounts go below what they were given on:
    a bill has to tell both (Directive 2006/112/EC, article 226, points 8 and 9).
    """
    hidden = set(paper.look.hidden)
    if not hidden:
        return paper
    if len({(line.tax_category, line.tax_percent) for line in paper.lines}) > 1:
        hidden.discard(PaperPart.TAX)
    gone = {column for part, column in _COLUMNS.items() if part in hidden}
    layout = replace(
        paper.layout,
        columns=tuple(each for each in paper.layout.columns if each not in gone),
        signature_boxes=(() if PaperPart.SIGNATURES in hidden else paper.layout.signature_boxes),
    )
    lines = paper.lines
    if PaperPart.SKU in hidden:
        lines = tuple(replace(line, sku="") for line in lines)
    terms = paper.terms
    if PaperPart.BANK in hidden:
        terms = replace(terms, bank=(), shows_code=False)
    return replace(paper, layout=layout, lines=lines, terms=terms)
