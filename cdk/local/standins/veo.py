"""Veo on Vertex AI: a token for a service account, a film to be made, and looks at how it goes.

What becomes of the next film is said by `POST /control/next {"outcome", "looks"}`: `film` (by
itself), `refusal` (the safety filter), `nothing`, `noise` (no mp4), `failure`, `never` (it is not
done, however often one looks), or `busy` (429 to the request itself); `looks` find it not done.
"""

from __future__ import annotations

import base64
import io
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import jwt
from pydantic_settings import BaseSettings, SettingsConfigDict
from werkzeug.wrappers import Request, Response

from cdk.local.standins.serving import application, json_response, serve

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

OUTCOMES = ("film", "refusal", "nothing", "noise", "failure", "never", "busy")
FRAMES_PER_SECOND = 24
SIZE = (360, 640)
AUDIENCE = "https://oauth2.googleapis.com/token"
"""For whom Google's client says that it signs, whatever the address."""
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
MODEL = "/v1beta1/projects/<project>/locations/<location>/publishers/google/models/<model>"

Json = dict[str, Any]


@dataclass
class Filming:
    """A film that was asked for."""

    outcome: str
    looks: int
    seconds: int
    first_frame: bytes


@dataclass
class VeoService:
    """Films a slow push-in on the frame it is given.

    Attributes:
        public_key: of the service account that may ask, PEM.
        looks: how many find a film not done, unless a test says otherwise.
    """

    public_key: str
    looks: int = 1
    _films: dict[str, Filming] = field(default_factory=dict)
    _tokens: set[str] = field(default_factory=set)
    _next: list[tuple[str, int]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def app(self) -> WSGIApplication:
        """The service as a WSGI application."""
        return application(
            {
                "POST /token": self.token,
                f"POST {MODEL}:predictLongRunning": self.submit,
                f"POST {MODEL}:fetchPredictOperation": self.look,
                "POST /control/next": self.say_next,
                "GET /control/films": self.count,
            },
            lambda error: _refusal(error.code or 500, "NOT_FOUND", error.name),
        )

    def token(self, request: Request) -> Response:
        """An access token for an assertion that the service account signed (RFC 7523)."""
        try:
            if request.form.get("grant_type") != GRANT:
                raise jwt.InvalidTokenError("another grant")
            jwt.decode(
                request.form["assertion"],
                self.public_key,
                algorithms=["RS256"],
                audience=AUDIENCE,
            )
        except (jwt.InvalidTokenError, KeyError) as error:
            return json_response({"error": "invalid_grant", "error_description": str(error)}, 400)
        token = uuid4().hex
        self._tokens.add(token)
        return json_response({"access_token": token, "expires_in": 3600, "token_type": "Bearer"})

    def submit(self, request: Request, **where: str) -> Response:
        """Ask for a film; the answer names the operation that makes it."""
        if refusal := self._refuses(request):
            return refusal
        said = request.get_json()
        instance, parameters = said["instances"][0], said["parameters"]
        if not instance.get("prompt") or parameters.get("durationSeconds") not in (4, 6, 8):
            return _refusal(400, "INVALID_ARGUMENT", "A prompt, and 4, 6 or 8 seconds, please.")
        with self._lock:
            outcome, looks = self._next.pop(0) if self._next else ("film", self.looks)
            if outcome == "busy":
                return _refusal(429, "RESOURCE_EXHAUSTED", "Quota exceeded.")
            name = (
                f"projects/{where['project']}/locations/{where['location']}/publishers/google"
                f"/models/{where['model']}/operations/{uuid4()}"
            )
            frame = base64.b64decode(instance["image"]["bytesBase64Encoded"])
            self._films[name] = Filming(outcome, looks, parameters["durationSeconds"], frame)
        return json_response({"name": name})

    def look(self, request: Request, **_where: str) -> Response:
        """How an operation goes, with the film once it is done."""
        if refusal := self._refuses(request):
            return refusal
        name = request.get_json()["operationName"]
        with self._lock:
            filming = self._films.get(name)
            if filming is None:
                return _refusal(404, "NOT_FOUND", "No such operation.")
            filming.looks -= 1
            if filming.looks >= 0 or filming.outcome == "never":
                return json_response({"name": name, "done": False})
        return json_response({"name": name, "done": True, **_result(filming)})

    def say_next(self, request: Request) -> Response:
        """Say what becomes of the next film."""
        said = request.get_json()
        if said.get("outcome") not in OUTCOMES:
            return _refusal(400, "INVALID_ARGUMENT", f"One of {', '.join(OUTCOMES)}.")
        with self._lock:
            self._next.append((said["outcome"], int(said.get("looks", self.looks))))
        return Response(status=204)

    def count(self, _request: Request) -> Response:
        """The operations so far: each would have cost money."""
        return json_response({"operations": list(self._films)})

    def _refuses(self, request: Request) -> Response | None:
        given = request.authorization.token if request.authorization else None
        if given in self._tokens:
            return None
        return _refusal(401, "UNAUTHENTICATED", "Invalid authentication credentials.")


def _result(filming: Filming) -> Json:
    match filming.outcome:
        case "failure":
            return {"error": {"code": 13, "message": "An internal error has occurred."}}
        case "refusal":
            reason = "The prompt goes against the usage guidelines. Support codes: 58061214"
            return {"response": {"raiMediaFilteredCount": 1, "raiMediaFilteredReasons": [reason]}}
        case "nothing":
            return {"response": {}}
    is_noise = filming.outcome == "noise"
    mp4 = b"no mp4" if is_noise else _film(filming.first_frame, filming.seconds)
    video = {"bytesBase64Encoded": base64.b64encode(mp4).decode(), "mimeType": "video/mp4"}
    return {"response": {"videos": [video]}}


def _film(first_frame: bytes, seconds: int) -> bytes:
    """A slow push-in, as mp4."""
    import av
    from PIL import Image, ImageOps

    picture = ImageOps.fit(Image.open(io.BytesIO(first_frame)).convert("RGB"), SIZE)
    width, height = SIZE
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("libx264", FRAMES_PER_SECOND, {"preset": "ultrafast"})
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        frames = seconds * FRAMES_PER_SECOND
        for number in range(frames):
            inset = 0.06 * number / frames
            box = (width * inset, height * inset, width * (1 - inset), height * (1 - inset))
            near = picture.resize(SIZE, Image.Resampling.BILINEAR, box)
            frame = av.VideoFrame.from_image(near)  # type: ignore[no-untyped-call] # as PyAV has it
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return out.getvalue()


def _refusal(code: int, status: str, message: str) -> Response:
    return json_response({"error": {"code": code, "message": message, "status": status}}, code)


class _Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="VEO_STANDIN_", frozen=True)

    port: int
    public_key: str


if __name__ == "__main__":
    settings = _Settings()
    serve(VeoService(settings.public_key).app(), settings.port)
