"""Probes a SCIM provider with scim-sanity, strictly, and judges each of its results.

The URL and the token come from SCIM_URL and SCIM_TOKEN, so that the token stands on no command line. Whatever is not a
success fails, a warning and a skipped test included; only what belongs to a resource type that this provider does not
have, the agents of an expired draft, may be skipped.
"""

import os
import sys

from scim_sanity.probe.runner import run_probe_api

# A probe that finds next to nothing to test tells nothing.
LEAST = 25
NOT_OFFERED = ("Agent", "AgenticApplication")


def main() -> int:
    report = run_probe_api(os.environ["SCIM_URL"], token=os.environ["SCIM_TOKEN"], strict=True)
    results = report["results"]
    wrong, skipped = [], 0
    for result in results:
        status, name = str(result["status"]).lower(), result["name"]
        if status == "skip" and name.startswith(NOT_OFFERED):
            skipped += 1
        elif status != "pass":
            wrong.append(f"{status}: {name}: {result.get('message', '')}")
    for line in wrong:
        print(f"conformance: scim-sanity: {line[:300]}", file=sys.stderr)
    if wrong:
        return 1
    passed = len(results) - skipped
    if passed < LEAST:
        print(f"conformance: scim-sanity made only {passed} tests", file=sys.stderr)
        return 1
    print(f"conformance: scim-sanity: {passed} tests passed, {skipped} of types not offered")
    return 0


if __name__ == "__main__":
    sys.exit(main())
