"""Whether the licences that the model card names are among those allowed.

A check of an operator's own; docs/external-checks.md says how such a script is called and what it may answer.
"""

import json
import os
import sys


def answer(status, details, **more):
    print(json.dumps({"details": details, **more}))
    sys.exit(status)


def insufficient(details):
    answer(2, details, outcome="insufficient_evidence")


def read_card():
    path = os.path.join(os.environ["COUNTERSIGN_EVIDENCE"], "model_card")
    try:
        with open(path, encoding="utf-8") as file:
            card = json.load(file)
    except (ValueError, RecursionError) as error:
        insufficient(f"model_card is not JSON: {error}")
    if not isinstance(card, dict) or card.get("bomFormat") != "CycloneDX":
        insufficient("model_card is not a CycloneDX document")
    return card


def models_of(card):
    """The components that are models, each with its place in the card."""
    found = [("metadata.component", (card.get("metadata") or {}).get("component"))]
    found += [(f"components[{i}]", component) for i, component in enumerate(card.get("components") or [])]
    return [(where, one) for where, one in found if isinstance(one, dict) and one.get("type") == "machine-learning-model"]


def licences_of(where, component):
    for index, choice in enumerate(component.get("licenses") or []):
        licence = choice.get("license") or {}
        yield f"model_card: {where}.licenses[{index}]", licence.get("id") or licence.get("name") or choice.get("expression")


def main():
    with open(os.environ["COUNTERSIGN_PARAMETERS"], encoding="utf-8") as file:
        allowed = json.load(file)["allowed"]
    models = models_of(read_card())
    unnamed = [where for where, model in models if not any(name for _, name in licences_of(where, model))]
    if not models or unnamed:
        insufficient(f"model_card: {', '.join(unnamed) or 'no model'}: no licence is named")
    licences = [one for where, model in models for one in licences_of(where, model)]
    problems = [
        {"where": where, "message": f"{name} is not allowed; allowed are: {', '.join(allowed)}", "remedy": "have it released under another licence, or allow this one"}
        for where, name in licences
        if name not in allowed
    ]
    measurements = [{"name": "licences", "value": len(licences), "unit": "count"}]
    if problems:
        answer(1, f"{len(problems)} of {len(licences)} licences not allowed", problems=problems, measurements=measurements)
    answer(0, f"all licences allowed: {', '.join(sorted({name for _, name in licences}))}", measurements=measurements)


main()
