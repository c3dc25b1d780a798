"""Stories that customers voted on stay, and so do votes; a choice is one of those offered (F-20)."""

from django.db import migrations

STORIES = """
CREATE FUNCTION staff_story_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    SELECT status INTO found FROM staff_starelection
    WHERE id = coalesce(NEW.election_id, OLD.election_id) FOR SHARE;
    IF found <> 'draft' THEN
        RAISE EXCEPTION 'customers were asked already'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'star_story_stays';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER story_stays
    BEFORE INSERT OR DELETE OR UPDATE OF person_id, branch_id, story, story_en, complaint_id,
        thanks_id
    ON staff_starcandidate FOR EACH ROW EXECUTE FUNCTION staff_story_stays();
CREATE TRIGGER same_election BEFORE UPDATE OF election_id ON staff_starcandidate
    FOR EACH ROW WHEN (NEW.election_id <> OLD.election_id)
    EXECUTE FUNCTION csm_append_only();
"""
STORIES_CHANGE = """
DROP TRIGGER same_election ON staff_starcandidate;
DROP TRIGGER story_stays ON staff_starcandidate;
DROP FUNCTION staff_story_stays();
"""
# The quarter of a ballot is that of its election: hence one vote of a customer in a quarter.
VOTES = """
CREATE TRIGGER vote_stays BEFORE UPDATE OR DELETE ON staff_starballot
    FOR EACH ROW WHEN (OLD.voted_at IS NOT NULL) EXECUTE FUNCTION csm_append_only();
ALTER TABLE staff_starballot ADD CONSTRAINT star_choice_was_offered
    CHECK (choice_id IS NULL OR choice_id = ANY(candidates));
ALTER TABLE staff_starelection ADD CONSTRAINT star_election_of_a_quarter UNIQUE (id, quarter);
ALTER TABLE staff_starballot ADD CONSTRAINT star_ballot_of_its_quarter
    FOREIGN KEY (election_id, quarter) REFERENCES staff_starelection (id, quarter);
"""
VOTES_CHANGE = """
ALTER TABLE staff_starballot DROP CONSTRAINT star_ballot_of_its_quarter;
ALTER TABLE staff_starelection DROP CONSTRAINT star_election_of_a_quarter;
ALTER TABLE staff_starballot DROP CONSTRAINT star_choice_was_offered;
DROP TRIGGER vote_stays ON staff_starballot;
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0011_stars"), ("organisation", "0002_append_only")]
    operations = [
        migrations.RunSQL(STORIES, STORIES_CHANGE),
        migrations.RunSQL(VOTES, VOTES_CHANGE),
    ]
