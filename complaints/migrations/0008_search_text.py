"""The text that a search looks through, and the triggers that keep it."""

import django.db.models.deletion
from django.db import migrations, models

# Full-width letters and digits are the plain ones; traditional characters stay what they are.
FOLDED = """
CREATE FUNCTION complaints_folded(given text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT lower(normalize(given, NFKC)) $$
"""

# Chinese has no spaces: pairs of neighbours stand for its words. The pairs of Latin letters and of
# digits are too few to tell texts apart, so that threes of them are added. Nothing spans a space.
PIECES = """
CREATE FUNCTION complaints_pieces(folded text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    letter text;
    one text := '';
    two text := '';
    plain integer := 0;
    pieces text[] := '{}';
BEGIN
    FOREACH letter IN ARRAY string_to_array(folded, NULL) LOOP
        IF letter ~ '\\s' THEN
            one := '';
            two := '';
            plain := 0;
            CONTINUE;
        END IF;
        plain := CASE
            WHEN ascii(letter) BETWEEN 97 AND 122 OR ascii(letter) BETWEEN 48 AND 57 THEN plain + 1
            ELSE 0
        END;
        IF two <> '' THEN
            pieces := pieces || (two || letter);
        END IF;
        IF plain > 2 THEN
            pieces := pieces || (one || two || letter);
        END IF;
        one := two;
        two := letter;
    END LOOP;
    RETURN (SELECT coalesce(array_agg(DISTINCT piece), '{}') FROM unnest(pieces) piece);
END
$$
"""

# Customers are locked so that nobody renames them between our reading and our writing.
OF_NEW = """
CREATE FUNCTION complaints_search_text_of_new() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM id FROM customers_customer
        WHERE id IN (SELECT customer_id FROM fresh) ORDER BY id FOR SHARE;
    INSERT INTO complaints_searchtext (complaint_id, text)
    SELECT fresh.id, complaints_search_text(
        fresh.number, fresh.subject, fresh.waybill, fresh.contact_name, customer.name,
        fresh.description)
    FROM fresh LEFT JOIN customers_customer customer ON customer.id = fresh.customer_id;
    RETURN NULL;
END
$$
"""
OF_CHANGED = """
CREATE FUNCTION complaints_search_text_of_changed() RETURNS trigger LANGUAGE plpgsql
AS $$
DECLARE
    customer text;
BEGIN
    SELECT name INTO customer FROM customers_customer WHERE id = NEW.customer_id FOR SHARE;
    UPDATE complaints_searchtext
    SET text = complaints_search_text(
        NEW.number, NEW.subject, NEW.waybill, NEW.contact_name, customer, NEW.description)
    WHERE complaint_id = NEW.id;
    RETURN NULL;
END
$$
"""
OF_RENAMED = """
CREATE FUNCTION complaints_search_text_of_renamed() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE complaints_searchtext searched
    SET text = complaints_search_text(
        complaint.number, complaint.subject, complaint.waybill, complaint.contact_name, NEW.name, complaint.description)
    FROM complaints_complaint complaint
    WHERE complaint.customer_id = NEW.id AND searched.complaint_id = complaint.id;
    RETURN NULL;
END
$$
"""
TEXT = """
CREATE FUNCTION complaints_search_text(
    number text, subject text, waybill text, contact text, customer text, description text
) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT complaints_folded(
        concat_ws(E'\\n', number, subject, waybill, contact, customer, description))
$$
"""
FUNCTIONS = (
    ("complaints_folded(text)", FOLDED),
    ("complaints_pieces(text)", PIECES),
    ("complaints_search_text(text, text, text, text, text, text)", TEXT),
    ("complaints_search_text_of_new()", OF_NEW),
    ("complaints_search_text_of_changed()", OF_CHANGED),
    ("complaints_search_text_of_renamed()", OF_RENAMED),
)

SEARCHED = ("number", "subject", "waybill", "contact_name", "customer_id", "description")
WAS = ", ".join(f"OLD.{column}" for column in SEARCHED)
IS = ", ".join(f"NEW.{column}" for column in SEARCHED)
TRIGGERS = (
    (
        "complaints_complaint",
        "search_text_of_new",
        "AFTER INSERT ON complaints_complaint REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT",
    ),
    (
        "complaints_complaint",
        "search_text_of_changed",
        f"AFTER UPDATE ON complaints_complaint FOR EACH ROW WHEN (({WAS}) IS DISTINCT FROM ({IS}))",
    ),
    (
        "customers_customer",
        "search_text_of_renamed",
        "AFTER UPDATE ON customers_customer FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name)",
    ),
)
DELETED_ALONG = (
    "ALTER TABLE complaints_searchtext ADD CONSTRAINT search_text_of_complaint"
    " FOREIGN KEY (complaint_id) REFERENCES complaints_complaint (id) ON DELETE CASCADE"
)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0007_desk"), ("customers", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="SearchText",
            fields=[
                (
                    "complaint",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="search_text",
                        serialize=False,
                        to="complaints.complaint",
                    ),
                ),
                ("text", models.TextField()),
            ],
        ),
        migrations.RunSQL(DELETED_ALONG, migrations.RunSQL.noop),
        *(migrations.RunSQL(made, f"DROP FUNCTION {name}") for name, made in FUNCTIONS),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION complaints_{name}()",
                f"DROP TRIGGER {name} ON {table}",
            )
            for table, name, when in TRIGGERS
        ),
    ]
