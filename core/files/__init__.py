"""Tables in files: CSV and XLSX read with limits, and written so that no formula gets in.

Nothing here knows what the columns mean, and nothing asks the database.
"""
