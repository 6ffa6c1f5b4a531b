"""Calls, mail and known defects move to rooms of their own; what a request made is named.

The tables stay as they are, so that nothing is copied and an older release could still read them.
"""

import django.db.models.deletion
from django.db import migrations, models

NAME_WHAT_WAS_MADE = """
    SELECT set_config('app.scope', 'all', true);
    UPDATE tickets_handledrequest SET made = CASE
        WHEN incident_id IS NOT NULL THEN 'tickets.incident:' || incident_id
        ELSE 'tickets.callback:' || call_back_id END;
    SELECT set_config('app.scope', '', true);
"""
FIND_WHAT_WAS_MADE = """
    SELECT set_config('app.scope', 'all', true);
    UPDATE tickets_handledrequest SET
        incident_id = CASE WHEN made LIKE 'tickets.incident:%'
            THEN split_part(made, ':', 2)::bigint END,
        call_back_id = CASE WHEN made LIKE 'tickets.callback:%'
            THEN split_part(made, ':', 2)::bigint END;
    SELECT set_config('app.scope', '', true);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0022_redispatch_by_alarms'),
        ('resources', '0001_initial'),
        ('telephone', '0001_initial'),
        ('mailroom', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='handledrequest',
            name='made',
            field=models.CharField(default='', max_length=100),
            preserve_default=False,
        ),
        migrations.RemoveConstraint(model_name='handledrequest', name='request_made_one_thing'),
        migrations.RunSQL(NAME_WHAT_WAS_MADE, FIND_WHAT_WAS_MADE),
        # Their checks are deferred to the commit, which a change of the table does not wait for.
        migrations.RunSQL('SET CONSTRAINTS ALL IMMEDIATE', 'SET CONSTRAINTS ALL IMMEDIATE'),
        migrations.RemoveField(model_name='handledrequest', name='incident'),
        migrations.RemoveField(model_name='handledrequest', name='call_back'),
        migrations.AddConstraint(
            model_name='handledrequest',
            constraint=models.CheckConstraint(
                condition=models.Q(('made', ''), _negated=True), name='request_made_something'
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='incident',
                    name='defect',
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name='incidents',
                        to='resources.defect',
                    ),
                ),
                migrations.DeleteModel(name='Call'),
                migrations.DeleteModel(name='CallBack'),
                migrations.DeleteModel(name='PhoneNumber'),
                migrations.DeleteModel(name='UnfetchedMail'),
                migrations.DeleteModel(name='Mailbox'),
                migrations.DeleteModel(name='InboundMail'),
                migrations.DeleteModel(name='Defect'),
            ],
        ),
    ]
