"""The weekly and monthly report: one value object, rendered as page, Excel, Word, mail and JSON."""
