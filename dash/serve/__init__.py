"""Dash for programs: what others call over HTTP and the Model Context Protocol. Surfaces: they format and no more."""
