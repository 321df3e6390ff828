"""The JSON Schemas of the policy files, with which editors complete and check them.

`python -m policy.json_schema` rewrites them. They cover the form alone; `policy check` checks the rest.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from policy.schema import FrontFile, ProgramFile, VocabularyFile

__all__ = ["SCHEMAS", "schema_of"]

_FOLDER: Final = Path(__file__).parent / "schemas"
SCHEMAS: Final[dict[Path, type[BaseModel]]] = {
    _FOLDER / "program.schema.json": ProgramFile,
    _FOLDER / "vocabulary.schema.json": VocabularyFile,
    _FOLDER / "front.schema.json": FrontFile,
}


def schema_of(model: type[BaseModel]) -> str:
    """Return a model's JSON Schema as the text of its file."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    _FOLDER.mkdir(exist_ok=True)
    for file, model in SCHEMAS.items():
        file.write_text(schema_of(model), "utf-8")
