"""Who is granted an operation, or a move from state to state."""

from petsage_builder.spec.resources import Grant, Resource


def grants_of(resource: Resource, operation: str) -> list[Grant]:
    """Return who may do something; nobody if the payload does not speak of it."""
    granted: dict[str, list[Grant]] = dict(resource.access.items())
    if resource.states and operation not in granted:
        moves = resource.states.transitions
        return moves[operation].by if operation in moves else []
    return granted.get(operation, [])
