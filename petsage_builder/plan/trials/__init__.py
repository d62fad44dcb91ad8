"""What the tests of one resource try, and what they expect.

cast     who makes, sees and changes its sample rows
changes  what is sent to make, to change and to replace them
states   the moves of a row, and who makes them
answers  how each operation is answered, and what it sends
kinds    all of it, under the name that the tests have for it
"""

from petsage_builder.plan.trials.kinds import Trials

__all__ = ["Trials"]
