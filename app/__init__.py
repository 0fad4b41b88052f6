"""The front doors: the command `tiercare`, and the web app."""
