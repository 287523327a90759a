"""`python -m appliance.model.events > docs/events.md`"""

from appliance.model.events.document import document

if __name__ == "__main__":
    print(document(), end="")
