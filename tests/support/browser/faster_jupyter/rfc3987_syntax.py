"""A stand-in on Jupyter's path: jsonschema goes without the formats of RFC 3987.

The real package parses 39 grammars whenever it is imported, which takes three seconds; no notebook
of ours holds an address whose format is checked.
"""

raise ImportError("left out, since it takes seconds to load")
