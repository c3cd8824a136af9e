"""Reads that several services share: claims, documents and lines, the ledger, levels."""
