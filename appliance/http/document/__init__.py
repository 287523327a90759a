"""The API described from its endpoints' declarations: the routes in docs/api.md, and docs/openapi.json.

    python -m appliance.http.document docs

What is said of an endpoint: the first paragraph of its function's docstring, its parameters, and its `About`
(http/endpoint.py). Of a group of endpoints: the first sentence of their module's docstring.
"""
