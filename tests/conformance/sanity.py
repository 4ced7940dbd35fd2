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
# It adds a member whom it made up, "fake-member-id", and expects 200. The rfc preset refuses a group of people who are not
# there (the policy key teams.unknown_member); the failure is expected as exactly this one.
EXPECTED = {"PATCH /Groups/{id} add member": "Expected 200, got 400"}


def main() -> int:
    report = run_probe_api(os.environ["SCIM_URL"], token=os.environ["SCIM_TOKEN"], strict=True)
    results = report["results"]
    wrong, skipped, met = [], 0, set()
    for result in results:
        status, name = str(result["status"]).lower(), result["name"]
        if status == "fail" and EXPECTED.get(name) == result.get("message"):
            met.add(name)
        elif status == "skip" and name.startswith(NOT_OFFERED):
            skipped += 1
        elif status != "pass":
            wrong.append(f"{status}: {name}: {result.get('message', '')}")
    wrong.extend(f"no longer fails, take it off the list: {name}" for name in EXPECTED if name not in met)
    for line in wrong:
        print(f"conformance: scim-sanity: {line[:300]}", file=sys.stderr)
    if wrong:
        return 1
    passed = len(results) - skipped - len(met)
    if passed < LEAST:
        print(f"conformance: scim-sanity made only {passed} tests", file=sys.stderr)
        return 1
    print(f"conformance: scim-sanity: {passed} tests passed, {len(met)} refused by policy, {skipped} of types not offered")
    return 0


if __name__ == "__main__":
    sys.exit(main())
