"""The demonstration: an invented company with eight weeks of complaints, made through the actions.

`company` founds branches and people, `customers` the customers; `plans` draws what is to happen to
a complaint and when, `staged` adds what is happening right now; `stories` lets it happen, `stage`
keeps the simulated time. Words and names stand in TOML files. Nothing is chance but the seed.
"""

from reports.demo.show import Show, seed

__all__ = ["Show", "seed"]
