"""The words of the domain as closed lists: values are stable and never reused; labels for people come from locale files.

Each list names its source: N Norton 2019 and Makey, Walsh & Salih 2022; HSE; TLAP; CO Care Opinion; D Decidim; L Loomio;
DHIS2; YSYS "Your Service Your Say"; ours where nothing stood before.
"""

from contracts.vocabulary.feedback import *
from contracts.vocabulary.participation import *
from contracts.vocabulary.partnerships import *
from contracts.vocabulary.reporting import *
from contracts.vocabulary.sessions import *
from contracts.vocabulary.system import *
from contracts.vocabulary.work import *
