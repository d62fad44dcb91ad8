"""Requirements that cannot be built, and what is said of each."""

from dataclasses import dataclass, field

PET = """
resources:
  pet:
    owned_by: user
    fields:
      name: {type: string, max_length: 80}
      born_on: {type: date, optional: true}
      weight: {type: decimal, max_digits: 5, decimal_places: 2, optional: true}
      species: {type: enum, values: [cat, dog]}
    access: {create: [user], get: [owner], list: [owner], update: [owner]}
"""


@dataclass(frozen=True)
class Wrong:
    """YAML laid over that of a pet, and of each problem its place and a part of it."""

    change: str
    problems: dict[str, str] = field(default_factory=dict)
    nearest: str | None = None


def pet(change: str) -> str:
    """Return a change of the pet."""
    return f"resources: {{pet: {change}}}"


def one(change: str, where: str, says: str, nearest: str | None = None) -> Wrong:
    """Return a change of the pet with one problem."""
    return Wrong(pet(change), {f"requirements.resources.pet.{where}": says}, nearest)


def a_field(text: str, where: str, says: str, nearest: str | None = None) -> Wrong:
    """Return a pet with one more field, which has one problem."""
    return one(f"{{fields: {{x: {text}}}}}", f"fields.x{where}", says, nearest)


STATES = "{states: {initial: new, transitions: {%s}}}"

WRONG: dict[str, Wrong] = {
    # What is no requirements at all.
    "no resources": Wrong("resources: null", {"requirements.resources": "is null"}),
    "unknown part": Wrong("resorces: {}", {"requirements.resorces": "is not known"}),
    "resources in a list": Wrong("resources: []", {"requirements.resources": "a list"}),
    "a resource that is a text": Wrong(
        "resources: {toy: ball}", {"requirements.resources.toy": "is a string"}
    ),
    "a resource without access": Wrong(
        "resources: {toy: {}}",
        {"requirements.resources.toy.access": "is missing"},
    ),
    "nobody may do anything": one("{access: null}", "access", "is null"),
    "roles in a string": Wrong("roles: vet", {"requirements.roles": "is a string"}),
    # Names.
    "a name in capitals": Wrong(
        "resources: {Toy: {access: {create: [admin], get: [public]}}}",
        {"requirements.resources.Toy": "'Toy' is no identifier"},
        "toy",
    ),
    "a resource that is an SQL word": Wrong(
        "resources: {select: {access: {create: [admin], get: [public]}}}",
        {"requirements.resources.select": "reserved in SQL"},
        "select_record",
    ),
    "a resource whose table is an SQL word": Wrong(
        "resources: {value: {access: {create: [admin], get: [public]}}}",
        {"requirements.resources.value": "its plural 'values' is reserved"},
    ),
    "a resource that is a builtin": Wrong(
        "resources: {object: {access: {create: [admin], get: [public]}}}",
        {"requirements.resources.object": "a Python builtin"},
    ),
    "a resource that the code calls something else": Wrong(
        "resources: {session: {access: {create: [admin], get: [public]}}}",
        {"requirements.resources.session": "what the code calls something else"},
        "session_record",
    ),
    "a field that is a keyword": one(
        "{fields: {class: {type: text}}}", "fields.class", "a Python keyword"
    ),
    "a field that is an SQL word": one(
        "{fields: {desc: {type: text}}}", "fields.desc", "reserved in SQL"
    ),
    "a field of the framework": one(
        "{fields: {metadata: {type: text}}}", "fields.metadata", "of the framework"
    ),
    "a field that is there already": one(
        "{fields: {created_at: {type: datetime}}}",
        "fields.created_at",
        "what every row has already",
    ),
    "a field with a hyphen": one(
        "{fields: {birth-date: {type: date}}}",
        "fields.birth-date",
        "is no identifier",
        "birth_date",
    ),
    "a field as long as a sentence": one(
        "{fields: {" + "x" * 41 + ": {type: date}}}",
        f"fields.{'x' * 41}",
        "is no identifier",
        "x" * 40,
    ),
    "a parent with the name of a field": Wrong(
        "resources: {toy: {belongs_to: {pet: {}}, fields: {pet_id: {type: text}},"
        " access: {create: [user], get: [owner]}}}",
        {"requirements.resources.toy.belongs_to.pet": "is also the name of"},
    ),
    # Fields.
    "an unknown type": a_field(
        "{type: strng}", ".type", "'strng' is no type", "string"
    ),
    "no type": a_field("{max_length: 3}", ".type", "is missing"),
    "a type alone": a_field("string", "", "is a string"),
    "an unknown constraint": a_field(
        "{type: string, max_lenght: 3}", ".max_lenght", "is not known", "max_length"
    ),
    "a constraint of another type": a_field(
        "{type: boolean, max_length: 3}", ".max_length", "is not known"
    ),
    "lengths that contradict": a_field(
        "{type: string, min_length: 9, max_length: 3}", ".min_length", "is more than"
    ),
    "a length that is a text": a_field(
        '{type: string, max_length: "3"}', ".max_length", "is a string"
    ),
    "a length below one": a_field(
        "{type: string, max_length: 0}", ".max_length", "cannot be 0"
    ),
    "bounds that contradict": a_field(
        "{type: integer, ge: 5, le: 3}", "", "leaves no number between 5 and 3"
    ),
    "bounds that leave nothing": a_field(
        "{type: integer, gt: 3, le: 3}", "", "leaves no number"
    ),
    "two lower bounds": a_field(
        "{type: integer, gt: 3, ge: 3}", ".gt", "is given beside ge"
    ),
    "a bound that is a text": a_field('{type: integer, ge: "1"}', ".ge", "cannot be 1"),
    "more decimals than digits": a_field(
        "{type: decimal, max_digits: 2, decimal_places: 3}",
        ".decimal_places",
        "is more than max_digits",
    ),
    "a currency that is none": a_field(
        "{type: money, currency: euro}", ".currency", "cannot be euro"
    ),
    "an enum of nothing": a_field("{type: enum, values: []}", ".values", "cannot be"),
    "an enum with a word twice": a_field(
        "{type: enum, values: [a, b, a]}", ".values[2]", "is given twice"
    ),
    "an enum with a sentence": a_field(
        "{type: enum, values: [a b]}", ".values[0]", "is no word"
    ),
    "a list of lists": a_field("{type: list, items: list}", ".items", "cannot be"),
    "a pattern that is none": a_field(
        '{type: string, pattern: "["}', ".pattern", "is no regular expression"
    ),
    "a pattern that can blow up": a_field(
        '{type: string, pattern: "^(a+)+$"}', ".pattern", "can take for ever"
    ),
    "a pattern with alternatives that repeat": a_field(
        '{type: string, pattern: "^(a|a)*$"}', ".pattern", "can take for ever"
    ),
    "a pattern that refers back": a_field(
        '{type: string, pattern: "(a)\\\\1"}', ".pattern", "refers back"
    ),
    "a pattern that looks ahead": a_field(
        '{type: string, pattern: "(?=a)"}', ".pattern", "looks ahead"
    ),
    "a limit that is no moment": a_field(
        "{type: date, not_after: tomorrow}", ".not_after", "is no moment"
    ),
    "a limit of the other clock": a_field(
        "{type: date, not_after: now}", ".not_after", "is no date"
    ),
    "a limit without a zone": a_field(
        "{type: datetime, not_after: '2026-01-01T00:00:00'}", ".not_after", "no zone"
    ),
    "limits that contradict": a_field(
        "{type: date, not_before: '2026-02-01', not_after: '2026-01-01'}",
        ".not_before",
        "is after not_after",
    ),
    "a default that breaks its field": a_field(
        "{type: integer, ge: 5, default: 3}", ".default", "cannot be 3"
    ),
    "a default of another type": a_field(
        "{type: boolean, default: 1}", ".default", "cannot be '1'"
    ),
    "a default that is no word of the enum": a_field(
        "{type: enum, values: [a, b], default: c}", ".default", "cannot be 'c'"
    ),
    "a default that is no date": a_field(
        "{type: date, default: 5}", ".default", "cannot be '5'"
    ),
    "a default that is no expression": a_field(
        "{type: date, default: today + 90 dys}", ".default", "cannot be"
    ),
    "a default that is an expression of another kind": a_field(
        "{type: date, default: now + 90 days}", ".default", "cannot be"
    ),
    "a default that is a number in a text": a_field(
        "{type: integer, default: '5'}", ".default", "cannot be '5'"
    ),
    "a calculated default beside another": Wrong(
        pet("{fields: {x: {type: date, default: today + 1 day, default_from: a.b}}}"),
        {
            "requirements.resources.pet.fields.x.default": "cannot be",
            "requirements.resources.pet.fields.x.default_from": "is no field of a",
        },
    ),
    "two defaults": a_field(
        "{type: integer, default: 3, default_expression: 1 + 1}",
        ".default_expression",
        "is given beside default",
    ),
    "a default from nowhere": a_field(
        "{type: integer, default_from: shop.price}", ".default_from", "is no field of a"
    ),
    "an example that breaks its field": a_field(
        '{type: string, pattern: "^[0-9]{3}$", example: "12"}', ".example", "cannot be"
    ),
    "read-only without a value": a_field(
        "{type: integer, read_only: true}", ".read_only", "is never set"
    ),
    "read-only and write-only": a_field(
        "{type: text, read_only: true, write_only: true, default: x}",
        ".write_only",
        "is read_only too",
    ),
    "unique together with nothing": a_field(
        "{type: string, unique: [nam]}", ".unique[0]", "is no field of pet", "name"
    ),
    "readable by nobody": a_field("{type: text, read: [vat]}", ".read[0]", "is called"),
    "computed from nothing": a_field(
        "{type: computed, value: weight * price}", ".value", "'price' at character 10"
    ),
    "computed from what does not fit": a_field(
        "{type: computed, value: weight + name}", ".value", "makes no sense"
    ),
    "computed by what can be zero": a_field(
        "{type: computed, value: 1 / weight}", ".value", "divides by what can be zero"
    ),
    # Relations.
    "a parent that is not there": one(
        "{belongs_to: {shelter: {}}}", "belongs_to.shelter", "no resource 'shelter'"
    ),
    "a parent that is misspelled": Wrong(
        "resources: {toy: {belongs_to: {pat: {}},"
        " access: {create: [admin], get: [public]}}}",
        {"requirements.resources.toy.belongs_to.pat": "there is no resource"},
        "pet",
    ),
    "a parent that needs its child": Wrong(
        "resources: {pet: {belongs_to: {toy: {}}},"
        " toy: {belongs_to: {pet: {}}, access: {create: [admin], get: [public]}}}",
        {
            "requirements.resources.pet.belongs_to.toy": "that needs this one first",
            "requirements.resources.toy.belongs_to.pet": "that needs this one first",
        },
    ),
    "a parent of its own kind that must be there": one(
        "{belongs_to: {mother: {to: pet}}}", "belongs_to.mother", "needs this one first"
    ),
    "set null where null cannot be": Wrong(
        "resources: {toy: {belongs_to: {pet: {on_delete: set_null}},"
        " access: {create: [admin], get: [public]}}}",
        {"requirements.resources.toy.belongs_to.pet.on_delete": "is not optional"},
    ),
    "an unknown way to delete": Wrong(
        "resources: {toy: {belongs_to: {pet: {on_delete: casade}},"
        " access: {create: [admin], get: [public]}}}",
        {"requirements.resources.toy.belongs_to.pet.on_delete": "cannot be 'casade'"},
        "cascade",
    ),
    "embedding what is no relation": one(
        "{embed: [shelter]}", "embed[0]", "is no relation of pet"
    ),
    "one to each of nobody": one(
        "{owned_by: null, one_per_user: true, access: null}", "access", "is null"
    ),
    # Access.
    "an unknown operation": one(
        "{access: {creat: [user]}}", "access.creat", "cannot be 'creat'", "create"
    ),
    "an unknown role": one(
        "{access: {get: [vat]}}", "access.get[0]", "nobody is called 'vat'"
    ),
    "a role twice": one(
        "{access: {get: [user, user]}}", "access.get[1]", "is given twice"
    ),
    "nobody at all": one("{access: {get: []}}", "access.get", "cannot be"),
    "the owner of what nobody owns": Wrong(
        "resources: {toy: {access: {create: [user], get: [owner]}}}",
        {"requirements.resources.toy.access.get[0]": "its rows have no owner"},
    ),
    "the public as an owner": one(
        "{access: {create: [public]}}", "access.create", "public cannot own"
    ),
    "a condition that is none": one(
        "{access: {get: [{who: public, when: name}]}}",
        "access.get[0].when",
        "is a text, and no condition",
    ),
    # Lists.
    "a filter over nothing": one(
        "{list: {filter: [colour]}}", "list.filter[0]", "is no field of pet"
    ),
    "a sort key that is misspelled": one(
        "{list: {sort: [nme]}}", "list.sort[0]", "is no field of pet", "name"
    ),
    "a search in numbers": one(
        "{list: {search: [weight]}}", "list.search[0]", "is no text to search in"
    ),
    "a default order that is no key": one(
        "{list: {sort: [name], default_sort: -weight}}",
        "list.default_sort",
        "'weight' is no sort key",
    ),
    "a list that nobody may see": Wrong(
        "resources: {toy: {access: {create: [admin], get: [public]}, list: {}}}",
        {"requirements.resources.toy.list": "nobody may list"},
    ),
    # States.
    "a state that cannot be reached": one(
        STATES % "done: {from: [old], to: done, by: [owner]}",
        "states.transitions",
        "cannot be reached",
    ),
    "a state that is a sentence": one(
        STATES % "done: {from: [new], to: all done, by: [owner]}",
        "states",
        "the state 'all done' is no identifier",
    ),
    "an action that is an operation": one(
        STATES % "delete: {from: [new], to: gone, by: [owner]}",
        "states.transitions.delete",
        "is an operation",
    ),
    "a way that leads nowhere": one(
        STATES % "stay: {from: [new], to: new, by: [owner]}",
        "states.transitions.stay.to",
        "is where it comes from",
    ),
    "an action by nobody": one(
        STATES % "close: {from: [new], to: done}",
        "states.transitions.close.by",
        "is missing",
    ),
    "an action that needs what is always there": one(
        STATES % "close: {from: [new], to: done, by: [owner], requires: [name]}",
        "states.transitions.close.requires[0]",
        "always has a value",
    ),
    "an action that needs a parent": one(
        "{belongs_to: {mother: {to: pet, optional: true}}, states: {initial: new,"
        " transitions: {close:"
        " {from: [new], to: done, by: [owner], requires: [mother]}}}}",
        "states.transitions.close.requires[0]",
        "'mother' is a parent, which no move sets",
    ),
    "states without a way": one(
        "{states: {initial: new, transitions: {}}}", "states.transitions", "cannot be"
    ),
    # Rules and limits.
    "a rule over nothing": one(
        "{rules: [{check: wight > 1, message: m}]}",
        "rules[0].check",
        "'wight' at character 1 is no field",
        "weight",
    ),
    "a rule that compares apples and pears": one(
        "{rules: [{check: weight > born_on, message: m}]}", "rules[0].check", "no sense"
    ),
    "a rule with a word of no enum": one(
        "{rules: [{check: species = bird, message: m}]}", "rules[0].check", "'bird'"
    ),
    "a rule with a word of another enum": one(
        "{fields: {size: {type: enum, values: [big]}},"
        " rules: [{check: species = big, message: m}]}",
        "rules[0].check",
        "species is never 'big'",
    ),
    "a rule that breaks off": one(
        "{rules: [{check: weight >, message: m}]}", "rules[0].check", "ends too early"
    ),
    "a rule that is asked at some time": one(
        "{rules: [{check: weight > 1, on: cretae, message: m}]}",
        "rules[0].on",
        "cannot be 'cretae'",
        "create",
    ),
    "a rule about new rows where nobody makes one": Wrong(
        "resources: {toy: {fields: {name: {type: string}}, seed: [{name: Ball}],"
        " access: {list: [public]},"
        " rules: [{check: name != name, on: create, message: m}]}}",
        {"requirements.resources.toy.rules[0].on": "nobody creates a row"},
    ),
    "a rule that calls something": one(
        "{rules: [{check: len(name) > 1, message: m}]}", "rules[0].check", "'len'"
    ),
    "a rule that divides by zero": one(
        "{rules: [{check: weight / 0 > 1, message: m}]}",
        "rules[0].check",
        "divides by what can be zero",
    ),
    "a rule that divides by a difference": one(
        "{rules: [{check: weight / (2 - 2) > 1, message: m}]}",
        "rules[0].check",
        "divides by what can be zero",
    ),
    "a rule with a duration that no clock can tell": one(
        "{rules: [{check: born_on + 9999999999 days > today, message: m}]}",
        "rules[0].check",
        "has too long a duration",
    ),
    "a rule with a number that nothing can hold": one(
        "{rules: [{check: weight < %s, message: m}]}" % ("9" * 39),
        "rules[0].check",
        "has too long a number",
    ),
    "a rule that compares conditions": one(
        "{rules: [{check: (weight > 1) = true, message: m}]}",
        "rules[0].check",
        "a condition is compared",
    ),
    "a rule that asks whether a condition is empty": one(
        "{rules: [{check: (weight > 1) is empty, message: m}]}",
        "rules[0].check",
        "a condition is never empty",
    ),
    "a rule without a message": one(
        "{rules: [{check: weight > 1}]}", "rules[0].message", "is missing"
    ),
    "a rule that freezes nothing": one(
        "{rules: [{frozen: [], when: weight > 1, message: m}]}",
        "rules[0].frozen",
        "cannot be",
    ),
    "an overlap of texts": one(
        "{rules: [{no_overlap: [name, species], per: [owner], message: m}]}",
        "rules[0].no_overlap",
        "two dates, or two datetimes",
    ),
    "a quota of nothing": one(
        "{limits: {per_owner: 0}}", "limits.per_owner", "cannot be 0"
    ),
    "a quota of no parent": one(
        "{limits: {per_parent: {shelter: 3}}}",
        "limits.per_parent.shelter",
        "is no parent",
    ),
    "a default from what can be empty": one(
        "{belongs_to: {mother: {to: pet, optional: true}},"
        " fields: {x: {type: date, default_from: mother.born_on}}}",
        "fields.x.default_from",
        "can be empty, and this field cannot",
    ),
    "two filters of one name": Wrong(
        "resources: {kind: {fields: {name: {type: string}},"
        " access: {create: [user], list: [user], get: [user]}},"
        " pet: {belongs_to: {kind: {}}, many_to_many: {kinds: {to: kind}},"
        " list: {filter: [kinds]}}}",
        {"requirements.resources.pet.list.filter[0]": "would be the filter 'kind_id'"},
    ),
    "a quota of a parent that a row need not have": one(
        "{belongs_to: {mother: {to: pet, optional: true}},"
        " limits: {per_parent: {mother: 3}}}",
        "limits.per_parent.mother",
        "would not be counted",
    ),
    # Seeds.
    "seed rows that nobody owns": one(
        "{seed: [{name: Miso, species: cat}]}", "seed", "neither an owner nor"
    ),
    "a seed row that breaks its field": Wrong(
        "resources: {kind: {fields: {name: {type: string, max_length: 3}},"
        " seed: [{name: long}, {nme: x}], access: {create: [admin], get: [public]}}}",
        {
            "requirements.resources.kind.seed[0].name": "cannot be 'long'",
            "requirements.resources.kind.seed[1].nme": "is no field",
            "requirements.resources.kind.seed[1].name": "is missing",
        },
        "name",
    ),
    "seed rows that are equal": Wrong(
        "resources: {kind: {fields: {name: {type: string, unique: true}},"
        " seed: [{name: a}, {name: a}], access: {create: [admin], get: [public]}}}",
        {"requirements.resources.kind.seed[1].name": "is there already"},
    ),
    # What would show too much, or cannot be written.
    "a name of the application": one(
        "{fields: {sent: {type: text}}}", "fields.sent", "a name of the framework"
    ),
    "a role that is there already": Wrong(
        "roles: [admin]", {"requirements.roles[0]": "is there already"}
    ),
    "a role that is a sentence": Wrong(
        'roles: ["vet\'); --"]', {"requirements.roles[0]": "is no identifier"}, "vet"
    ),
    "an enum with an endless word": a_field(
        "{type: enum, values: [" + "a" * 41 + "]}", ".values[0]", "has 41 characters"
    ),
    "more digits than a database keeps": a_field(
        "{type: decimal, max_digits: 16}", ".max_digits", "keeps exactly"
    ),
    "a default of another kind": a_field(
        "{type: date, default_expression: weight * 2}",
        ".default_expression",
        "is a number, and the field is a date",
    ),
    "computed from who looks": a_field(
        "{type: computed, value: owner = caller}", ".value", "depends on who looks"
    ),
    "a quota of one of one": one(
        "{one_per_user: true, limits: {per_owner: 2}}",
        "limits.per_owner",
        "is one already",
    ),
    "a freeze of what is fixed": one(
        "{fields: {tag: {type: uuid, default: new, read_only: true}},"
        " rules: [{frozen: [update], fields: [tag], when: weight > 1, message: m}]}",
        "rules[0].fields[0]",
        "cannot be changed anyway",
    ),
    "unique per an owner that a parent has": Wrong(
        "resources: {toy: {belongs_to: {pet: {}}, access: {create: [owner]},"
        " fields: {name: {type: string, unique: [owner]}}}}",
        {"requirements.resources.toy.fields.name.unique[0]": "that of a parent"},
    ),
    "a filter by the id": one("{list: {filter: [id]}}", "list.filter[0]", "one row"),
    "rows that nobody makes": Wrong(
        "resources: {toy: {access: {get: [public]}}}",
        {"requirements.resources.toy.access": "nobody may create one"},
    ),
    "a public that is asked who it is": one(
        "{access: {get: [{who: public, when: owner = caller}]}}",
        "access.get[0].when",
        "the public does not say",
    ),
    "a public that must be known": Wrong(
        "resources: {toy: {access: {create: [public]},"
        " fields: {maker: {type: uuid, default: caller}}}}",
        {"requirements.resources.toy.access.create[0]": "the field maker asks who"},
    ),
    "a parent shown to whoever may not see it": Wrong(
        "resources: {toy: {belongs_to: {pet: {}}, embed: [pet],"
        " access: {create: [owner], get: [public]}}}",
        {"requirements.resources.toy.embed[0]": "public may see a toy, but not each"},
    ),
    "links to rows that not everybody sees": Wrong(
        "resources: {toy: {many_to_many: {pets: {to: pet}},"
        " access: {create: [admin], get: [user]}}}",
        {"requirements.resources.toy.many_to_many.pets": "but not each pet"},
    ),
    "a parent shown with a secret": Wrong(
        "resources: {pet: {fields: {name: {sensitive: true}}},"
        " toy: {belongs_to: {pet: {}}, embed: [pet],"
        " access: {create: [owner], get: [owner]}}}",
        {"requirements.resources.toy.embed[0]": "name of pet cannot be shown"},
    ),
    "any number of children shown": Wrong(
        "resources: {pet: {embed: [toys]}, toy: {belongs_to: {pet: {}},"
        " access: {create: [owner], get: [owner]}}}",
        {"requirements.resources.pet.embed[0]": "shows any number of toys"},
    ),
    "children shown to whoever may not see them": Wrong(
        "resources: {pet: {embed: [toys], access: {get: [owner, admin]}},"
        " toy: {belongs_to: {pet: {}}, limits: {per_parent: {pet: 9}},"
        " access: {create: [owner], get: [owner]}}}",
        {"requirements.resources.pet.embed[0]": "admin may see a pet, but not each"},
    ),
    "children shown with a secret": Wrong(
        "resources: {pet: {embed: [toys]}, toy: {belongs_to: {pet: {}},"
        " fields: {price: {type: integer, sensitive: true}},"
        " limits: {per_parent: {pet: 9}}, access: {create: [owner], get: [owner]}}}",
        {"requirements.resources.pet.embed[0]": "price of toy cannot be shown"},
    ),
    "a parent and its children that show each other": Wrong(
        "resources: {pet: {embed: [toys]}, toy: {belongs_to: {pet: {}}, embed: [pet],"
        " limits: {per_parent: {pet: 9}}, access: {create: [owner], get: [owner]}}}",
        {
            "requirements.resources.pet.embed[0]": "without end",
            "requirements.resources.toy.embed[0]": "without end",
        },
    ),
    "children that have a field's name": Wrong(
        "resources: {pet: {embed: [toys], fields: {toys: {type: integer}}},"
        " toy: {belongs_to: {pet: {}}, limits: {per_parent: {pet: 9}},"
        " access: {create: [owner], get: [owner]}}}",
        {"requirements.resources.pet.embed[0]": "'toys' is a field of pet"},
    ),
    "a row that shows itself": one(
        "{belongs_to: {mother: {to: pet, optional: true}}, embed: [mother],"
        " access: {get: [user], list: [user]}}",
        "embed[0]",
        "without end",
    ),
}
