"""Tests of the user profile feature."""

from fastapi.testclient import TestClient

from app.features.user_profile.tables import UserProfile
from tests.api import Contract
from tests.conftest import Headers
from tests.features import FeatureTests
from tests.resources import Api, Kind

ROLES = ("admin",)

USER_PROFILE = Kind(
    name="user_profile",
    path="/user-profile/",
    table=UserProfile,
    samples=[
        {
            "display_name": "Kim Larsen",
            "about": "Lives with two cats.",
            "phone": "+4915112345678",
            "website": "https://miso.example/about",
            "language": "en",
            "newsletter": False,
        },
        {
            "display_name": "Alex Moreno",
            "about": None,
            "phone": None,
            "website": None,
            "language": "de",
            "newsletter": True,
        },
        {
            "display_name": "Kim Larsen",
            "about": "Lives with two cats.",
            "phone": "+4915112345678",
            "website": "https://miso.example/about",
            "language": "en",
            "newsletter": False,
        },
    ],
    makers=("owner", "other", "admin"),
    another="other",
    reader="owner",
    updater="owner",
    minimal={"display_name": "Kim Larsen"},
)


def store_rows(client: TestClient, caller: Headers, other: Headers) -> dict[str, str]:
    """Store a row of each kind, and return their ids."""
    people = dict.fromkeys(ROLES, caller) | {"owner": caller, "other": other}
    api = Api(client, people)
    return {
        "user_profile_id": api.linked(USER_PROFILE, "owner"),
    }


CONTRACT = Contract(rules=[], rows=store_rows)


class TestUserProfile(FeatureTests):
    """What is true of user profiles."""

    FEATURE = "user_profile"
    ROLES = ROLES
    CREATED = (
        (USER_PROFILE, 0),
        (USER_PROFILE, 1),
        (USER_PROFILE, 2),
    )
    DEFAULTS = (
        (
            USER_PROFILE,
            {"display_name": "Kim Larsen"},
            {
                "about": None,
                "phone": None,
                "website": None,
                "language": "en",
                "newsletter": False,
            },
        ),
    )
    ACCEPTED = (
        (
            USER_PROFILE,
            "display_name",
            [{"display_name": "m"}, {"display_name": "m" * 60}],
            True,
        ),
        (
            USER_PROFILE,
            "about",
            [{"about": "m"}, {"about": "m" * 1000}, {"about": None}],
            True,
        ),
        (
            USER_PROFILE,
            "phone",
            [{"phone": "+1415555"}, {"phone": "+141555501000000"}, {"phone": None}],
            True,
        ),
        (
            USER_PROFILE,
            "website",
            [{"website": "https://example.com/" + "m" * 1980}, {"website": None}],
            True,
        ),
        (
            USER_PROFILE,
            "language",
            [{"language": "en"}, {"language": "de"}, {"language": "da"}],
            True,
        ),
        (
            USER_PROFILE,
            "newsletter",
            [{"newsletter": True}, {"newsletter": False}],
            True,
        ),
    )
    REFUSED = (
        (
            USER_PROFILE,
            "display_name",
            [None, "", "m" * 61, 7, " ", "Kim Larse\u0000", "Kim Larse\n"],
            True,
        ),
        (
            USER_PROFILE,
            "about",
            ["", "m" * 1001, 7, " ", "Lives with two cats\u0000"],
            True,
        ),
        (
            USER_PROFILE,
            "phone",
            ["+141555", "+1415555010000000", "4915112345678", "+0151123456", 7],
            True,
        ),
        (
            USER_PROFILE,
            "website",
            ["https://example.com/" + "m" * 1981, "miso", "ftp://example.com/", 7],
            True,
        ),
        (USER_PROFILE, "language", [None, "unheard_of", 7], True),
        (USER_PROFILE, "newsletter", [None, "maybe", "true", 1], True),
    )
    REQUIRED = ((USER_PROFILE, ["display_name"]),)
    UNKNOWN = (
        (USER_PROFILE, "POST", ["id", "owner_id", "created_at"]),
        (USER_PROFILE, "PATCH", ["id", "owner_id", "created_at"]),
    )
    SINGLE = ((USER_PROFILE, "You have a user profile already."),)
    OWN = ((USER_PROFILE, ["GET", "PATCH"]),)
    LEFT = ((USER_PROFILE, []),)
    ACCESS = (
        (USER_PROFILE, {}, [], "POST", "/user-profile/", None, (401, 201, 201, 201)),
        (USER_PROFILE, {}, [], "GET", "/user-profile/{id}", None, (401, 200, 404, 200)),
        (USER_PROFILE, {}, [], "PATCH", "/user-profile/{id}", {}, (401, 200, 404, 403)),
    )
    EVENTS = (
        (
            USER_PROFILE,
            {},
            [],
            "owner",
            "POST",
            "/user-profile/",
            None,
            "user_profile.created",
        ),
        (
            USER_PROFILE,
            {},
            [],
            "owner",
            "PATCH",
            "/user-profile/{id}",
            {},
            "user_profile.updated",
        ),
    )
    OVERTAKEN = (
        (USER_PROFILE, [], "owner", "PATCH", "", {"display_name": "Alex Moreno"}),
    )
    UPDATES = (
        (USER_PROFILE, {}, [], "owner", {}),
        (USER_PROFILE, {}, [], "owner", {"display_name": "Alex Moreno"}),
        (USER_PROFILE, {}, [], "owner", {"about": None}),
        (USER_PROFILE, {}, [], "owner", {"phone": None}),
        (USER_PROFILE, {}, [], "owner", {"website": None}),
        (USER_PROFILE, {}, [], "owner", {"language": "de"}),
        (USER_PROFILE, {}, [], "owner", {"newsletter": True}),
    )
