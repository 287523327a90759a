"""Whose word counts about where a request comes from: X-Forwarded-For, -Proto and -Host of some proxies."""

from collections.abc import Collection, Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from waitress.proxy_headers import (
    PROXY_HEADERS,
    MalformedProxyHeader,
    clear_untrusted_headers,
    parse_proxy_headers,
)

from appliance.http.refusal import JSON, error_body

TRUSTED_HEADERS = {"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"}


def believing(app: WSGIApplication, proxies: Collection[str]) -> WSGIApplication:
    """`app`, told the client's address, scheme and host by these proxies; by nobody else."""

    def forwarded(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        untrusted: Collection[str] = PROXY_HEADERS
        if environ["REMOTE_ADDR"] in proxies:
            try:
                untrusted = parse_proxy_headers(environ, 1, TRUSTED_HEADERS)
            except MalformedProxyHeader as error:
                start_response("400 Bad Request", JSON)
                return [error_body("BAD_REQUEST", f"Malformed header: {error.header}")]
        clear_untrusted_headers(environ, list(untrusted))
        return app(environ, start_response)

    return forwarded
