"""Words that a person would choose: three for each kind of field.

Each of three begins with another letter, in the same case, so that every collation
orders them alike.
"""

from collections.abc import Mapping
from typing import TypeAlias

Three: TypeAlias = tuple[str, str, str]

PETS: Three = ("Miso", "Biscuit", "Pepper")
PEOPLE: Three = ("Kim Larsen", "Alex Moreno", "Robin Weber")
PLACES: Three = ("Harbour Clinic", "Garden Clinic", "Meadow Clinic")
# What a field, or a resource that has a name, is called in part.
BY_FIELD: Mapping[str, Three] = {
    "first_name": ("Kim", "Alex", "Robin"),
    "given_name": ("Kim", "Alex", "Robin"),
    "last_name": ("Larsen", "Moreno", "Weber"),
    "family_name": ("Larsen", "Moreno", "Weber"),
    "surname": ("Larsen", "Moreno", "Weber"),
    "display_name": PEOPLE,
    "full_name": PEOPLE,
    "author": PEOPLE,
    "contact": PEOPLE,
    "title": ("First steps", "Good habits", "Healthy food"),
    "city": ("Hamburg", "Aarhus", "Lisbon"),
    "town": ("Hamburg", "Aarhus", "Lisbon"),
    "country": ("Germany", "Denmark", "Portugal"),
    "street": ("Harbour Street 4", "Garden Road 12", "Mill Lane 7"),
    "address": ("Harbour Street 4", "Garden Road 12", "Mill Lane 7"),
    "postcode": ("20457", "8000", "1100"),
    "zip": ("20457", "8000", "1100"),
    "breed": ("Siamese", "Beagle", "Maine Coon"),
    "colour": ("black", "white", "ginger"),
    "color": ("black", "white", "ginger"),
    "language": ("English", "Danish", "German"),
    "currency": ("EUR", "DKK", "USD"),
    "reason": ("Yearly check-up", "A cough since Monday", "Limps on one leg"),
    "diagnosis": ("Healthy", "A mild infection", "Torn ligament"),
    "description": ("Friendly and calm.", "Shy at first.", "Likes to play."),
    "about": ("Lives with two cats.", "Walks dogs.", "Keeps rabbits."),
    "bio": ("Lives with two cats.", "Walks dogs.", "Keeps rabbits."),
    "notes": ("Prefers mornings.", "Call before you come.", "Ask for the key."),
    "note": ("Prefers mornings.", "Call before you come.", "Ask for the key."),
    "comment": ("Very kind.", "A long wait.", "Good advice."),
    "message": ("See you soon.", "Please call back.", "Thank you."),
    "body": ("Very kind.", "A long wait.", "Good advice."),
    "subject": ("A question", "Booking", "Change of address"),
    "receipt": ("R-1024", "B-2048", "C-4096"),
    "code": ("A-1024", "B-2048", "C-4096"),
    "number": ("A-1024", "B-2048", "C-4096"),
    "sku": ("A-1024", "B-2048", "C-4096"),
    "isbn": ("9780140449136", "8390021045", "7890140449"),
}
BY_RESOURCE: Mapping[str, Three] = {
    "pet": PETS,
    "animal": PETS,
    "cat": PETS,
    "dog": PETS,
    "clinic": PLACES,
    "shelter": ("Harbour Shelter", "Garden Shelter", "Meadow Shelter"),
    "veterinarian": PEOPLE,
    "vet": PEOPLE,
    "owner": PEOPLE,
    "member": PEOPLE,
    "customer": PEOPLE,
    "client": PEOPLE,
    "patient": PEOPLE,
    "employee": PEOPLE,
    "student": PEOPLE,
    "teacher": PEOPLE,
    "person": PEOPLE,
    "profile": PEOPLE,
    "author": PEOPLE,
}
ADDRESSES: Mapping[str, Three] = {
    "email": ("kim@example.com", "alex@example.com", "robin@example.com"),
    "url": (
        "https://miso.example/about",
        "https://biscuit.example/about",
        "https://pepper.example/about",
    ),
    "phone": ("+4915112345678", "+351212345678", "+14155550100"),
}
SLUGS: Three = ("harbour-clinic", "garden-clinic", "meadow-clinic")
UUIDS: Three = (
    "3f2b8c1e-5d4a-4b6f-9e7d-1a2b3c4d5e6f",
    "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    "a8098c1a-f86e-41da-bd1a-00112444be1e",
)


def words_for(resource: str, field: str) -> Three:
    """Return three texts for a field of a resource."""
    if field in BY_FIELD:
        return BY_FIELD[field]
    if field == "name":
        for part in reversed(resource.split("_")):
            if part in BY_RESOURCE:
                return BY_RESOURCE[part]
    for part in reversed(field.split("_")):
        if part in BY_FIELD:
            return BY_FIELD[part]
    noun = (resource if field == "name" else field).replace("_", " ")
    return f"Blue {noun}", f"Green {noun}", f"Red {noun}"


def as_long_as(text: str, low: int, high: int) -> str:
    """Return a text cut or continued to a length within the limits."""
    while len(text) < low:
        text += f" {text}"
    if len(text) <= high:
        return text
    cut = text[: max(low, 1, high)].rstrip()
    return cut + "." * (low - len(cut))


def in_the_case_of(example: str, text: str) -> str:
    """Return a text that begins in the case in which the example does."""
    first = text[:1].lower() if example[:1].islower() else text[:1].upper()
    return first + text[1:] if example[:1].isalpha() else text
