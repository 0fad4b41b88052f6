"""The STRESS-ABS checklist, filled in from what was run: facts of a study, a template, and the text they make together."""
