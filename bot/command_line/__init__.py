"""The command line: one module for each command; their texts are English, for the operator."""
