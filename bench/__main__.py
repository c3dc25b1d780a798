"""`make bench`: every figure is a ratio against a reference measured in the same run.

`BENCH_SCALE` (0.01 by default) shrinks the sizes of the requirements; 1.0 is the full size. Writes
`bench/results.json` and `bench/RESULTS.md`; exits 1 when a limit is passed.
"""

import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import django

from bench.result import Result
from csm import embedded

HERE = Path(__file__).parent


def main() -> int:
    """Measure everything in a database of its own, which vanishes afterwards."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "csm.settings")
    scale = float(os.environ.get("BENCH_SCALE", "0.01"))
    before = os.getloadavg()[0]
    with embedded.running(embedded.data_dir()):
        django.setup()
        # Only now can modules with models be imported.
        from bench import (  # noqa: PLC0415
            customer_page,
            customers_value,
            documents,
            drawing,
            election,
            fire,
            ledger,
            pages,
            register,
            sheets,
            summaries,
            survey_results,
            sweeps,
            weekly,
        )
        from bench.company import founded  # noqa: PLC0415
        from csm.kit import clock  # noqa: PLC0415

        results = sweeps.measure(scale)
        with founded(scale) as made:
            results += pages.measure(scale, made)
            results += register.measure(scale, made)
            results += customer_page.measure(scale, made)
            results.append(weekly.measure(scale, clock.now()))
            results.append(summaries.measure(clock.now()))
            results.append(survey_results.measure(scale, made, clock.now()))
            results += sheets.measure(scale, made)
            results += drawing.measure(scale, made)
            results += ledger.measure(scale, made)
            results.append(documents.measure(scale, made))
            results.append(customers_value.measure(scale))
            results.append(election.measure(scale, made, clock.now()))
        results += fire.measure(scale)
    write(results, scale, before)
    return 0 if all(row.ratio <= row.limit for row in results) else 1


def write(results: list[Result], scale: float, before: float) -> None:
    """The two files, and the table on the terminal; `before` was the load when it all began."""
    (HERE / "results.json").write_text(json.dumps([asdict(row) for row in results], indent=2))
    now, after = datetime.now(UTC), os.getloadavg()[0]
    lines = [
        f"Scale {scale:g}. Milliseconds; ours and the reference measured in the same run,",
        f"{now:%Y-%m-%d %H:%M} UTC, on {os.cpu_count()} processors with a load of {before:.1f} at",
        f"the start and {after:.1f} at the end: what else runs shows in the percentiles.",
        "",
        "| what | ours | reference | ratio | at most |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row.name} | {row.ours:.2f} | {row.reference:.2f} | {row.ratio:.2f} | {row.limit:g} |"
        for row in results
    ]
    text = "\n".join(lines) + "\n"
    (HERE / "RESULTS.md").write_text(f"# Benchmarks\n\n{text}")
    sys.stdout.write(text)


if __name__ == "__main__":
    sys.exit(main())
