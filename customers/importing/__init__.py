"""Tables that are imported into this room: their columns, their rows, and how a batch is written.

This room belongs to the layer of the actions.
"""
