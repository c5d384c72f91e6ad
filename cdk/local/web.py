"""The app's web build, next to the API: its files, and `/config.json`, which says where the API is.

`npm run web` in `mobile/` makes the build. It is what any host of static files would serve; every
address that names no file is the app's own, and answered with its page.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic_settings import BaseSettings, SettingsConfigDict
from werkzeug.exceptions import NotFound
from werkzeug.utils import send_from_directory
from werkzeug.wrappers import Request, Response

from cdk.local.settings import ROOT
from cdk.local.standins.serving import application, json_response, serve

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

BUILD = ROOT / "mobile" / "dist" / "web"
PAGE = "index.html"
UNCHANGING = "_expo/"
"""Where files are named after what is in them, so that a browser may keep them."""


class WebApp:
    """Serves a web build to browsers.

    Attributes:
        build: the folder that `expo export` made.
        api_url: where the page finds the HTTP API.
        supabase_url: where people sign in; on this machine nobody answers there, and the page takes
            a developer's token instead.
        media_url: where signed addresses of diffs lead.
    """

    def __init__(self, build: Path, api_url: str, supabase_url: str, media_url: str) -> None:
        self._build = build
        self._config = {
            "apiUrl": api_url,
            "supabaseUrl": supabase_url,
            "supabaseKey": "local",
            "developerSignIn": True,
        }
        self._policy = (
            "default-src 'self'; script-src 'self' blob:; worker-src 'self' blob:; "
            "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
            "media-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
            f"connect-src 'self' blob: {_origin(api_url)} {supabase_url} {media_url}"
        )

    def app(self) -> WSGIApplication:
        """The server as a WSGI application."""
        return application(
            {"GET /config.json": self.config, "GET /": self.page, "GET /<path:path>": self.file},
            lambda error: Response(f"{error.code} {error.name}\n", error.code or 500),
        )

    def config(self, _request: Request) -> Response:
        """What the page is told when it starts."""
        return self._guarded(json_response(self._config, headers=[("Cache-Control", "no-store")]))

    def page(self, request: Request) -> Response:
        """The app itself."""
        return self.file(request, PAGE)

    def file(self, request: Request, path: str) -> Response:
        """A file of the build, or the page for an address that is the app's own."""
        is_route = "." not in path.rpartition("/")[2]
        name = PAGE if is_route else path
        keep = "public, max-age=31536000, immutable" if name.startswith(UNCHANGING) else "no-cache"
        try:
            found = send_from_directory(self._build, name, request.environ)
        except NotFound:
            return self._guarded(Response("There is no such file.\n", 404))
        found.headers["Cache-Control"] = keep
        return self._guarded(found)

    def _guarded(self, response: Response) -> Response:
        """A page that holds an access token runs no script but its own, and speaks to us only."""
        response.headers["Content-Security-Policy"] = self._policy
        response.headers["Permissions-Policy"] = "microphone=(self)"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def _origin(url: str) -> str:
    """Scheme, host and port of a URL: a content security policy would match a path exactly."""
    return "/".join(url.split("/", 3)[:3])


class _Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="WEB_", frozen=True)

    port: int
    build: Path
    api_url: str
    supabase_url: str
    media_url: str


if __name__ == "__main__":
    settings = _Settings()
    web = WebApp(settings.build, settings.api_url, settings.supabase_url, settings.media_url)
    serve(web.app(), settings.port)
