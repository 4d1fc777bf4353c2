"""Modules that a library imports on sight and hardly ever uses, imported when they are used.

`importlib.util.LazyLoader` does not serve: torch looks at every module's file, which loads
it. Knows nothing of any library.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any


@contextmanager
def deferred(*names: str) -> Iterator[None]:
    """Stand-ins for modules while others import from them; real ones stay, and come back.

    What is imported from a stand-in is a function that imports the real module when it is
    called; classes and constants are not served.
    """
    missing = [name for name in names if name not in sys.modules]
    sys.modules.update({name: _stand_in(name) for name in missing})
    try:
        yield
    finally:
        for name in missing:
            del sys.modules[name]


def _stand_in(name: str) -> ModuleType:
    def later(function: str) -> Callable[..., Any]:
        if function.startswith("__"):
            raise AttributeError(function)
        return lambda *args, **kwargs: getattr(import_module(name), function)(*args, **kwargs)

    module = ModuleType(name)
    module.__spec__ = ModuleSpec(name, None, is_package=True)
    module.__path__ = []
    module.__getattr__ = later  # type: ignore[method-assign]
    return module
