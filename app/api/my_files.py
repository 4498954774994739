"""My files for programs: what was brought to the key's owner, with hashes, and the files themselves."""

from __future__ import annotations

from typing import ClassVar

from flask import Response, request
from flask_appbuilder import expose
from flask_appbuilder.api import BaseApi, protect, safe
from flask_appbuilder.security.decorators import permission_name

from app.core.acting import current_actor
from app.core.db import db
from app.crud.program_door import ProgramDoor
from app.crud.reading import number_of
from app.domain.refusals import Refused
from app.queries.my_files import my_files
from app.services.my_files import hand_out_file
from app.web.file_doors import kept_file, storage
from app.web.my_files_page import asked_of, told


class MyFilesForPrograms(ProgramDoor, BaseApi):
    """Reading and taking one's own files."""

    resource_name = "my-files"
    class_permission_name = "Inbox"
    method_permission_name: ClassVar[dict[str, str]] = {"list": "read", "file": "read"}
    openapi_spec_tag = "My files"

    @expose("/", methods=["GET"])
    @protect()
    @safe
    @permission_name("list")
    def list(self) -> Response:
        """What was brought or made, the newest first.
        ---
        get:
          description: Arrivals with their files; twenty on a page
          parameters:
          - in: query
            name: report
            description: The code of a report, or export
            schema: {type: string}
          - in: query
            name: period
            schema: {type: string, example: 2018-09}
          - in: query
            name: show
            description: With waiting, what has been confirmed is left out
            schema: {type: string, enum: [waiting]}
          - in: query
            name: page
            schema: {type: integer, minimum: 0}
          responses:
            200:
              description: A page of arrivals
              content:
                application/json:
                  schema: {type: object}
            401:
              $ref: '#/components/responses/401'
            403:
              $ref: '#/components/responses/403'
        """
        page = min(number_of(request.args.get("page", "")) or 0, 500)
        found = my_files(db.session(), current_actor().user_id, asked_of(request.args), page)
        return self.response(200, result=[told(entry) for entry in found.entries], page=page, more=found.more)

    @expose("/files/<int:artefact_id>", methods=["GET"])
    @protect()
    @safe
    @permission_name("file")
    def file(self, artefact_id: int) -> Response:
        """One file.
        ---
        get:
          description: The file under the rights of today; taking it is written down
          parameters:
          - in: path
            name: artefact_id
            required: true
            schema: {type: integer}
          responses:
            200:
              description: The file
              content:
                application/octet-stream:
                  schema: {type: string, format: binary}
            401:
              $ref: '#/components/responses/401'
            403:
              $ref: '#/components/responses/403'
            404:
              $ref: '#/components/responses/404'
        """
        try:
            given = hand_out_file(db.session(), storage(), artefact_id)
            return kept_file(given.digest, given.media_type, given.name)
        except Refused as refused:
            return self.refusal(refused)


API = MyFilesForPrograms
