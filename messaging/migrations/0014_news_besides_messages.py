from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

NEWS = """
UPDATE messaging_conversation SET last_news = news.number
FROM (
    SELECT conversation_id, max(number) AS number FROM messaging_event
    WHERE kind IN ('proposal_made', 'proposal_accepted', 'proposal_declined', 'proposal_expired', 'removal_announced',
        'undertaking_done', 'undertaking_overdue')
    GROUP BY conversation_id
) AS news
WHERE messaging_conversation.id = news.conversation_id;
"""
# Nobody is told now of what happened before; but who is not here yet has read none of it.
READ = """
UPDATE messaging_party SET read_news = conversation.last_news, told_news = conversation.last_news
FROM messaging_conversation conversation
WHERE conversation.id = messaging_party.conversation_id AND conversation.last_news > 0 AND (
    messaging_party.account_id IS NOT NULL OR EXISTS (
        SELECT 1 FROM hosting_subscriber subscriber
        WHERE subscriber.id = messaging_party.subscriber_id AND subscriber.account_id IS NOT NULL
    )
);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("hosting", "0004_webhooks_carry_links"),
        ("messaging", "0013_places_in_the_order_of_conversations"),
        ("verification", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="pushnotice", name="push_notice_pushed_has_time"),
        migrations.AddField(
            model_name="conversation", name="last_news", field=models.BigIntegerField(db_default=0, default=0)
        ),
        migrations.AddField(
            model_name="party", name="read_news", field=models.BigIntegerField(db_default=0, default=0)
        ),
        migrations.AddField(
            model_name="party", name="told_news", field=models.BigIntegerField(db_default=0, default=0)
        ),
        migrations.AddField(
            model_name="pushnotice", name="pushed_news", field=models.BigIntegerField(db_default=0, default=0)
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.CheckConstraint(
                condition=Q(last_news__gte=0, last_news__lte=F("last_event")), name="conversation_news_in_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.CheckConstraint(
                condition=Q(read_news__gte=0, told_news__gte=0), name="party_news_in_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="pushnotice",
            constraint=models.CheckConstraint(
                condition=Q(Q(pushed_news=0, pushed_seq=0), ("pushed_at__isnull", False), _connector="OR"),
                name="push_notice_pushed_has_time",
            ),
        ),
        migrations.AlterField(
            model_name="preferences",
            name="notify",
            field=models.CharField(
                choices=[
                    ("soon", "Soon: a few minutes after something that I have not read"),
                    ("daily", "Daily: what I have not read for a day, once a day at most"),
                    ("never", "Never"),
                ],
                default="soon",
                max_length=8,
            ),
        ),
        migrations.RunSQL(NEWS + READ, migrations.RunSQL.noop),
    ]
