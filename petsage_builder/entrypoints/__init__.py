"""Ways into the pipeline: thin, and ignorant of each other."""
