"""A second reading of a request: what each answer has to be, and what it leaves behind.

The generated service is compiled from the payload's rules, and its tests are planned
from them. This package follows the same rules step by step, over rows as plain values.
It takes from the plan paths, names and messages, which fields can be sent, which rows
must not be alike, and which moves ask the rules of a row again; but no condition, no
query and nothing that the templates write. Where the service answers a request as it
says, and a test expects something else, it is the test that is wrong.

system      the features of a backend, and which operation answers a request
state       rows, and who calls
values      JSON values as the rules see them
seeing      whose a row is, what a condition says of it, and who may do what with it
bodies      what was sent, or which parts of it are not valid
outcomes    how a request can be answered
changes     what a row becomes, and what stands in its way
deletions   what goes with a row that is deleted
lists       what a list has
operations  how each operation is answered
showing     what is shown of a row
leaving     what a request leaves behind, held against what it has to be
judging     an answer, held against what it has to be
"""
