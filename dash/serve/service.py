"""What every request works with: the product, its questions at work, and who may come in.

There is one of it in a process; a request finds it at `request.app.state.service`.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from dash.access.keys import Keys
from dash.access.rates import Rates
from dash.ask import Dash
from dash.desk import Desk, open_desk
from dash.serve.entrance import Entrance
from dash.serve.meters import Meters


@dataclass(frozen=True)
class Service:
    """Everything that a request needs."""

    dash: Dash
    desk: Desk
    entrance: Entrance
    meters: Meters

    @classmethod
    def of(cls, dash: Dash) -> Service:
        """The service of an open product."""
        keys, rates = Keys(dash.database), Rates(dash.database)
        desk = open_desk(dash)
        meters = Meters(desk)
        return cls(dash, desk, Entrance(dash.settings, keys, rates, meters, dash.clock), meters)


def service_of(connection: HTTPConnection) -> Service:
    """The service that answers this request."""
    service: Service = connection.app.state.service
    return service
