"""However many customers have the same address, it votes once in a quarter (T-11)."""

from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("staff", "0021_ledgers_are_not_emptied")]
    operations = [
        migrations.AddConstraint(
            "starballot",
            models.UniqueConstraint(
                Lower("address"), "quarter", name="star_one_vote_of_an_address"
            ),
        ),
    ]
