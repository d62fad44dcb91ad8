"""Names that cannot be used in a feature with data, and why."""

import builtins
import keyword

PYTHON = frozenset((*keyword.kwlist, *keyword.softkwlist)) - {"type", "case", "match"}
BUILTINS = frozenset(name for name in dir(builtins) if name.islower())
# Reserved in PostgreSQL 17 (appendix C) or in SQLite (lang_keywords).
SQL = frozenset(
    """all analyse analyze and any array as asc between both by cast check collate
    column commit constraint create cross current_date current_time current_timestamp
    current_user default deferrable delete desc distinct do drop else end escape except
    exists false fetch for foreign from full grant group having in index initially inner
    insert intersect into is isnull join lateral leading left like limit localtime
    localtimestamp natural not notnull null offset on only or order outer over placing
    primary references returning right select session_user set similar some symmetric
    table tablesample then to trailing transaction trigger true union unique update user
    using values variadic verbose view when where window with""".split()
)
# Those of them that name a thing. A table has its plural, and a column ends in `_id`.
NOUNS = frozenset({"check", "grant", "group", "order", "transaction", "view", "window"})
# Attributes of the classes that a row and a body become.
FRAMEWORK = frozenset(
    """apply_to construct copy dict from_orm json metadata parse_file parse_obj
    parse_raw registry schema schema_json sent update_forward_refs validate""".split()
)
# Columns that every row has, or that owners bring along.
IMPLICIT = frozenset("id created_at updated_at version owner owner_id".split())
# Variables of the functions in which a row or its parent is a variable, too.
TAKEN = frozenset("actor data query session".split())
