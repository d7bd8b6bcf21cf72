"""What is said to, by and about sessions, their decisions and actions."""

from contracts.sessions.acting import *
from contracts.sessions.deciding import *
from contracts.sessions.holding import *
from contracts.sessions.learning import *
from contracts.sessions.minutes import *
from contracts.sessions.planning import *
from contracts.sessions.reading import *
