"""Papers: the PDF of a document, made from its frozen snapshot and kept; samples of templates."""
