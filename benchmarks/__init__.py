"""What the builder costs: figures that a run prints, none of them a test."""
