"""Tables of complaints that people put together: rows, columns and measures of a fixed vocabulary.

Nothing of an address becomes SQL: it names dimensions and measures, which are written here.
"""
