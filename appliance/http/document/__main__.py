"""`python -m appliance.http.document docs`: bring the folder's api.md and openapi.json up to date."""

import sys
from pathlib import Path

from appliance.http.document import files

if __name__ == "__main__":
    for path, text in files.current(Path(sys.argv[1])).items():
        path.write_text(text)
