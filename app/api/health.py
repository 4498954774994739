"""``/healthz``: whether the installation is well, for monitors; says nothing about the data."""

from __future__ import annotations

from flask import Response, jsonify
from flask_appbuilder import expose
from flask_appbuilder.api import BaseApi

from app.crud.screen import Hardened
from app.queries.health import health


class Health(Hardened, BaseApi):
    """Open to everybody: yes or no per part, no details."""

    route_base = "/healthz"
    openapi_spec_tag = "Health"

    @expose("", methods=["GET"])
    def get(self) -> Response:
        """Whether database, migrations, fonts, clock and storage are well.
        ---
        get:
          description: 200 when everything is well, 503 otherwise
          responses:
            200:
              description: Well
              content:
                application/json:
                  schema:
                    type: object
                    properties:
                      well: {type: boolean}
                      parts:
                        type: object
                        additionalProperties: {type: boolean}
            503:
              description: Something is not well
        """
        findings = health()
        well = all(f.well for f in findings)
        answer = jsonify(well=well, parts={f.code: f.well for f in findings})
        answer.status_code = 200 if well else 503
        return answer


API = Health
