"""Migrations that render anew only the model that a step is about; what a step does to tables is Django's own business.

Django renders every model that is related to the one of a step, at each step: with more than a hundred models around an
account that was nine tenths of what making an empty database cost. The rendered models are a cache of the states, which
alone are true: so a step that adds or takes away something of one model renders that one, and before a step of any
other kind the cache is thrown away, and that step is done in Django's own way.
"""

import copy
from functools import partial
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import (
    AddConstraint,
    AddField,
    AddIndex,
    CreateModel,
    Migration,
    RemoveConstraint,
    RemoveIndex,
    RunSQL,
)
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# What reads the rendered form of its own model only.
ABOUT_ONE_MODEL = (CreateModel, AddField, AddIndex, AddConstraint, RemoveIndex, RemoveConstraint)


class Executor(MigrationExecutor):
    """Django's executor, which applies each migration step by step."""

    def apply_migration(self, state: ProjectState, migration: Migration, *args: Any, **options: Any) -> ProjectState:
        """Apply the migration, unless it is faked, and return the state after it."""
        migration.apply = partial(_apply, migration)  # type: ignore[method-assign]  # of this one object
        return super().apply_migration(state, migration, *args, **options)


def _apply(
    migration: Migration, state: ProjectState, editor: BaseDatabaseSchemaEditor, collect_sql: bool = False
) -> ProjectState:
    """Apply the steps of the migration one after the other and return the state after them."""
    for operation in migration.operations:
        step = copy.copy(migration)
        step.operations = [operation]  # type: ignore[misc]  # of this one copy
        if _is_about_one_model(operation):
            # An attribute of this state, which its copies do not have.
            state.reload_model = partial(_render_alone, state)  # type: ignore[method-assign]  # as said
        else:
            state.clear_delayed_apps_cache()
            state.is_delayed = False
        try:
            Migration.apply(step, state, editor, collect_sql)
        finally:
            vars(state).pop("reload_model", None)
    return state


def _is_about_one_model(operation: Operation) -> bool:
    if isinstance(operation, RunSQL):
        return not operation.state_operations
    return isinstance(operation, ABOUT_ONE_MODEL)


def _render_alone(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> None:  # noqa: ARG001
    """Render one model anew, and note that its neighbours still know it as it was; whether Django would, does not matter."""
    if "apps" in vars(state):
        state.is_delayed = True
        state._reload({(app_label, model_name)})  # type: ignore[attr-defined]  # Django's types leave it out
