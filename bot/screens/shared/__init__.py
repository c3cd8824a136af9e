"""Elements that screens share: words for states and quantities, the field editor, moments."""
