"""One file per resource. Importing them declares their endpoints: a new file is found by itself."""

import pkgutil
from importlib import import_module

for _module in pkgutil.iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
