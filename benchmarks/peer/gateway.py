"""The peer's gateway: validates what comes over HTTP, calls the service that stores it, answers."""

import json
from typing import Any
from uuid import UUID

from nameko.exceptions import BadRequest
from nameko.rpc import RpcProxy
from nameko.web.handlers import http
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug import Request, Response


class FeedbackSchema(BaseModel):
    """What may be said."""

    model_config = ConfigDict(extra="forbid")

    partnership: UUID
    kind: str = Field(max_length=60)
    relation: str = Field(max_length=60)
    anonymity: str = Field(max_length=60)
    channel: str = Field(max_length=60)
    text: str = Field(min_length=1, max_length=8_000)
    rating: int | None = Field(default=None, ge=1, le=5)


class GatewayService:
    """HTTP for the other services."""

    name = "gateway"
    feedback_rpc = RpcProxy("feedback")

    @http("POST", "/feedback", expected_exceptions=BadRequest)
    def receive_feedback(self, request: Request) -> Response:
        try:
            feedback = FeedbackSchema.model_validate_json(request.get_data())
        except ValidationError as fault:
            raise BadRequest("The message does not fit its schema.") from fault
        received: dict[str, Any] = self.feedback_rpc.receive_feedback(feedback.model_dump(mode="json"))
        return Response(json.dumps({"id": received["id"]}), mimetype="application/json")
