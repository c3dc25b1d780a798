"""A gate in the installation's database that lets so many statements of a sweep pass, and no more.

So a process can be shot at any point of a sweep, also in the middle of a transaction, without
sleeping and hoping. The gate is a row: it stays shut when the database itself is shot.
"""

from django.db import connection

from csm.tests.waiting import wait_until

# Timers that a sweep takes at a time; a batch passes the gate four times.
BATCH = 50
STATEMENTS_PER_BATCH = 4
# The kind of a job, and the evidence of a timer, that ends the process which takes it up.
FATAL = "fatal"
PATIENCE = 120  # seconds: the other processes may have to start first
OPEN = 2**62
BUILD = """
CREATE TABLE gate (passes bigint NOT NULL);
INSERT INTO gate VALUES (%(open)s);
CREATE SEQUENCE passed;
CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE mine bigint := nextval('passed');
BEGIN
    WHILE mine > (SELECT passes FROM gate) LOOP
        PERFORM pg_sleep(0.02);
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER gate BEFORE INSERT ON complaints_event EXECUTE FUNCTION gate();
CREATE TRIGGER gate BEFORE INSERT ON organisation_message EXECUTE FUNCTION gate();
CREATE TRIGGER gate BEFORE UPDATE ON complaints_timer EXECUTE FUNCTION gate();
"""
WAITING = """
SELECT application_name FROM pg_stat_activity
WHERE wait_event = 'PgSleep' AND datname = current_database() ORDER BY backend_start
"""


def build() -> None:
    """Put it there, open."""
    with connection.cursor() as cursor:
        cursor.execute(BUILD, {"open": OPEN})


def let_pass(statements: int) -> None:
    """So many more from now on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE gate SET passes = (SELECT last_value FROM passed) + %s", [statements]
        )


def open_wide() -> None:
    """Everything passes."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE gate SET passes = %s", [OPEN])


def waiting() -> list[str]:
    """The names of those that stand still in the middle of a sweep."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return [name for (name,) in cursor.fetchall()]


def who_waits() -> str:
    """The name of a worker that stands still, as soon as there is one."""
    found: list[str] = []

    def look() -> bool:
        found.extend(waiting())
        return bool(found)

    wait_until(look, "a sweep's standstill", patience=PATIENCE)
    return found[0]
