"""The clock under fire: an installation of its own, whose processes and servers are shot at."""
