"""The page in the browser. Modules here format what `dash.ask` gives and do nothing else."""
