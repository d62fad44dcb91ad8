"""Do what the program `lint-imports` does."""

from importlinter.cli import lint_imports_command

lint_imports_command()
