"""The kinds of pages: one module a kind, each a function from an edition to its pages."""
