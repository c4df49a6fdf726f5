"""Documents and tables as people send them, judged by content. Knows no web framework."""
