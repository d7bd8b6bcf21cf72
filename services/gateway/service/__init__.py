"""The skin of the gateway: the one door for HTTP, and its log for whoever follows it."""

from __future__ import annotations

from contracts.log import FactsAfter
from services.gateway.service.server import HttpServer
from shared.parts import Part
from shared.relay import Relay
from shared.rpc import rpc


class GatewayService:
    """What the gateway is asked: over HTTP everything, over the broker its facts."""

    name = "gateway"
    http = HttpServer()
    log = Part("gateway.log")
    relay = Relay()

    @rpc
    def facts(self, query: FactsAfter) -> bytes:
        return self.log.after(query)
