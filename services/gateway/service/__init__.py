"""The skin of the gateway: the one door for HTTP, and its log for whoever follows it."""

from __future__ import annotations

from contracts.log import FactsAfter
from contracts.persons import GetPersonData, PersonData
from services.gateway.service.neighbours import Persons
from services.gateway.service.server import HttpServer
from shared.parts import Part, asker
from shared.relay import Relay
from shared.rpc import rpc


class GatewayService:
    """What the gateway is asked: over HTTP everything, over the broker its facts."""

    name = "gateway"
    http = HttpServer()
    log = Part("gateway.log")
    relay = Relay()
    persons = Persons()

    @rpc
    def get_person_data(self, query: GetPersonData) -> PersonData:
        return self.persons.get_person_data(query=query, context=asker())

    @rpc
    def facts(self, query: FactsAfter) -> bytes:
        return self.log.after(query)
