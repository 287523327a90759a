import bottle

from appliance.http.services import Services


def mount(app: bottle.Bottle, services: Services) -> None:
    """Being written."""
