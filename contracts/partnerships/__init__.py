"""What is said to, by and about partnerships and their members."""

from contracts.partnerships.access import *
from contracts.partnerships.due import *
from contracts.partnerships.equality import *
from contracts.partnerships.erasure import *
from contracts.partnerships.guide import *
from contracts.partnerships.lifecycle import *
from contracts.partnerships.membership import *
from contracts.partnerships.participation import *
from contracts.partnerships.payments import *
from contracts.partnerships.places import *
from contracts.partnerships.work_items import *
