"""What stands on paper: each document as plain values, for its print page and its Word file alike.

Values are words in the active language; what is not known is empty. Contacts are masked.
"""
