"""From a file's values to its form: a model of what may stand in it."""

from __future__ import annotations

from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from dispute_rules.pack.yaml import Document, Path
from dispute_rules.validation import Location, problems_of

_Model = TypeVar("_Model", bound=BaseModel)


def form(model: type[_Model], document: Document) -> _Model | None:
    """The document as the model reads it; None if it cannot. Keys that nobody knows are noted and left out."""
    data = document.data
    if document.problems and data is None:
        return None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        strangers = _note(model, error, document)
    for *parents, last in strangers:
        holder = data
        for step in parents:
            holder = holder[step]
        holder.pop(last, None)
    try:
        return model.model_validate(data) if strangers else None
    except ValidationError:
        return None


def _note(model: type[BaseModel], error: ValidationError, document: Document) -> list[Path]:
    """Note the problems; returns the paths of unknown keys, if these are all that is wrong."""
    noted = problems_of(
        error,
        place=lambda detail: document.at(detail["loc"], key=detail["type"] == "extra_forbidden"),
        known=lambda at: _keys_beside(model, at),
        what="key",
    )
    document.problems.extend(noted)
    details = error.errors(include_url=False, include_input=False)
    strangers = [detail["loc"] for detail in details if detail["type"] == "extra_forbidden"]
    return strangers if len(strangers) == len(details) else []


def _keys_beside(model: type[BaseModel], at: Location) -> list[str]:
    """The keys that a model knows where an unknown one stands."""
    for step in at[:-1]:
        field = next((f for name, f in model.model_fields.items() if (f.alias or name) == step), None)
        model = (_model_in(field.annotation) if field else None) or model
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)
