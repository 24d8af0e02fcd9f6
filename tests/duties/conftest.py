"""The campaign of the reports, whose duties these tests read."""

from filing.conftest import campaign as campaign
from filing.conftest import mint as mint
from small_world import world as world
