"""Documents out: values in, official papers as PDF and Word. No Django, no clock; the mirror of `reading`."""
