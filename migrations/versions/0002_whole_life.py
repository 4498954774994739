"""a ticket's whole life."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

KEPT = {"sqlite_autoincrement": True}
"""A table that SQLite rebuilds must go on never giving away the number of a deleted row."""


def numbers() -> dict[str, int]:
    """The highest number each table ever gave away (SQLite only)."""
    if op.get_bind().dialect.name != "sqlite":
        return {}
    return dict(op.get_bind().execute(sa.text("SELECT name, seq FROM sqlite_sequence")).all())


def keep_numbers(before: dict[str, int]) -> None:
    """Go on counting where the tables stood before they were rebuilt."""
    for name, seq in before.items():
        op.get_bind().execute(sa.text("UPDATE sqlite_sequence SET seq = :seq WHERE name = :name AND seq < :seq"), {"seq": seq, "name": name})


def tell_what_ledgers_never_tell() -> None:
    """Tickets that came from a ledger know nothing of what only moves can leave: unknown is not no."""
    names = ', "contacts", "extensions", "suspensions", "follow_ups"]'
    kept, told = '%"returns"%', '%"contacts"%'
    if op.get_bind().dialect.name == "postgresql":
        statement = (
            "UPDATE ticket SET unknown = CAST(replace(CAST(unknown AS TEXT), ']', :names) AS JSON)"
            " WHERE CAST(unknown AS TEXT) LIKE :kept AND CAST(unknown AS TEXT) NOT LIKE :told"
        )
    else:
        statement = "UPDATE ticket SET unknown = replace(unknown, ']', :names) WHERE unknown LIKE :kept AND unknown NOT LIKE :told"
    op.execute(sa.text(statement).bindparams(names=names, kept=kept, told=told))


def upgrade() -> None:
    """Forward."""
    before = numbers()
    op.create_table('clock_work',
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('busy_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('worker', sa.String(length=80), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('reason', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('trace', sa.Text(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_clock_work'))
    )
    op.create_table('mail',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('recipient', sa.String(length=320), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=True),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.String(length=40), nullable=False),
    sa.Column('answer', sa.String(length=300), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('message_id', sa.String(length=120), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_mail_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_mail_created_by_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail')),
    sa.UniqueConstraint('message_id', name=op.f('uq_mail_message_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('mail', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mail_next_at'), ['next_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_mail_state'), ['state'], unique=False)

    op.create_table('partner',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('phone', sa.String(length=30), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('name_zh', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('service_zh', sa.String(length=300), nullable=False),
    sa.Column('service_en', sa.String(length=300), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_partner_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_partner_created_by_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner')),
    sa.UniqueConstraint('code', name=op.f('uq_partner_code')),
    sqlite_autoincrement=True
    )
    op.create_table('reminder_rule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('event', sa.String(length=40), nullable=False),
    sa.Column('offset', sa.String(length=12), nullable=False),
    sa.Column('recipient', sa.String(length=40), nullable=False),
    sa.Column('mail', sa.Boolean(), nullable=False),
    sa.Column('urgent', sa.Boolean(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('name_zh', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_reminder_rule_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_reminder_rule_created_by_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder_rule')),
    sa.UniqueConstraint('code', name=op.f('uq_reminder_rule_code')),
    sqlite_autoincrement=True
    )
    op.create_table('time_limit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('clock', sa.String(length=40), nullable=False),
    sa.Column('urgency', sa.String(length=40), nullable=False),
    sa.Column('limit', sa.String(length=12), nullable=False),
    sa.Column('matter_id', sa.Integer(), nullable=True),
    sa.Column('basis_zh', sa.String(length=300), nullable=False),
    sa.Column('basis_en', sa.String(length=300), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_time_limit_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_time_limit_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_time_limit_matter_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_time_limit')),
    sa.UniqueConstraint('clock', 'urgency', 'matter_id', name=op.f('uq_time_limit_clock_urgency_matter_id')),
    sa.UniqueConstraint('code', name=op.f('uq_time_limit_code')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('time_limit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_time_limit_matter_id'), ['matter_id'], unique=False)

    op.create_table('attachment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('purpose', sa.String(length=40), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=True),
    sa.Column('stage', sa.String(length=20), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_attachment_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_attachment_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_attachment_ticket_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_attachment_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attachment_ticket_id'), ['ticket_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attachment_unit_id'), ['unit_id'], unique=False)

    op.create_table('consultation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('call', sa.Integer(), nullable=False),
    sa.Column('held_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('place', sa.String(length=300), nullable=False),
    sa.Column('participants', sa.String(length=500), nullable=False),
    sa.Column('opinion', sa.String(length=4000), nullable=False),
    sa.Column('tasks', sa.String(length=4000), nullable=False),
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_consultation_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_consultation_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_consultation_ticket_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consultation')),
    sa.UniqueConstraint('ticket_id', 'ordinal', name=op.f('uq_consultation_ticket_id_ordinal')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('consultation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consultation_ticket_id'), ['ticket_id'], unique=False)

    op.create_table('extension',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=2000), nullable=False),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('old_due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('wanted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.String(length=128), nullable=False),
    sa.Column('decision_note', sa.String(length=2000), nullable=False),
    sa.Column('requested_by_id', sa.Integer(), nullable=True),
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_extension_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_extension_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['requested_by_id'], ['ab_user.id'], name=op.f('fk_extension_requested_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_extension_ticket_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_extension')),
    sa.UniqueConstraint('ticket_id', 'ordinal', name=op.f('uq_extension_ticket_id_ordinal')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('extension', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_extension_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_extension_ticket_id'), ['ticket_id'], unique=False)

    op.create_table('follow_up',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('made_by', sa.String(length=128), nullable=False),
    sa.Column('reached', sa.Boolean(), nullable=False),
    sa.Column('solved', sa.String(length=40), nullable=False),
    sa.Column('satisfaction', sa.String(length=40), nullable=False),
    sa.Column('comment', sa.String(length=2000), nullable=False),
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_follow_up_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_follow_up_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_follow_up_ticket_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_up')),
    sa.UniqueConstraint('ticket_id', 'ordinal', name=op.f('uq_follow_up_ticket_id_ordinal')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('follow_up', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_follow_up_ticket_id'), ['ticket_id'], unique=False)

    op.create_table('notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('tone', sa.String(length=10), nullable=False),
    sa.Column('ticket_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('mail', sa.String(length=10), nullable=False),
    sa.Column('mail_after', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_notice_ticket_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], name=op.f('fk_notice_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('key', 'user_id', name=op.f('uq_notice_key_user_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_notice_mail_after'), ['mail_after'], unique=False)
        batch_op.create_index(batch_op.f('ix_notice_ticket_id'), ['ticket_id'], unique=False)
        batch_op.create_index('ix_notice_user_id_read_at', ['user_id', 'read_at'], unique=False)

    op.create_table('rating',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('satisfaction', sa.String(length=40), nullable=False),
    sa.Column('arrival', sa.String(length=40), nullable=False),
    sa.Column('effect', sa.String(length=40), nullable=False),
    sa.Column('accuracy', sa.String(length=40), nullable=False),
    sa.Column('comment', sa.String(length=2000), nullable=False),
    sa.Column('channel', sa.String(length=40), nullable=False),
    sa.Column('revealed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('annulled_reason', sa.String(length=2000), nullable=False),
    sa.Column('part', sa.String(length=24), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('rater_id', sa.Integer(), nullable=True),
    sa.Column('rated_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_rating_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_rating_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['rated_id'], ['unit.id'], name=op.f('fk_rating_rated_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['rater_id'], ['unit.id'], name=op.f('fk_rating_rater_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_rating_ticket_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rating')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('rating', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rating_rated_id'), ['rated_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_rating_rater_id'), ['rater_id'], unique=False)
        batch_op.create_index('ix_rating_rater_id_state', ['rater_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_rating_submitted_at'), ['submitted_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_rating_ticket_id'), ['ticket_id'], unique=False)
        batch_op.create_index('ix_rating_token', ['token'], unique=False)

    op.create_table('supervision_order',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(length=2000), nullable=False),
    sa.Column('ordered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ordered_by', sa.String(length=128), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.String(length=2000), nullable=False),
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_supervision_order_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_supervision_order_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_supervision_order_ticket_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_supervision_order_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision_order')),
    sa.UniqueConstraint('ticket_id', 'ordinal', name=op.f('uq_supervision_order_ticket_id_ordinal')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('supervision_order', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_supervision_order_ticket_id'), ['ticket_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_supervision_order_unit_id'), ['unit_id'], unique=False)

    op.create_table('suspension',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('note', sa.String(length=2000), nullable=False),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.String(length=128), nullable=False),
    sa.Column('from_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('to_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('requested_by_id', sa.Integer(), nullable=True),
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_suspension_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_suspension_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['requested_by_id'], ['ab_user.id'], name=op.f('fk_suspension_requested_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_suspension_ticket_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suspension')),
    sa.UniqueConstraint('ticket_id', 'ordinal', name=op.f('uq_suspension_ticket_id_ordinal')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('suspension', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_suspension_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_suspension_ticket_id'), ['ticket_id'], unique=False)

    with op.batch_alter_table('assignment_round', table_kwargs=KEPT) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(length=40), nullable=False, server_default='dispatch'))
        batch_op.add_column(sa.Column('sign_due_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('contact_due_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('contacted_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('started_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('base_due_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('disposed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('return_note', sa.String(length=2000), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('return_due_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('due_provisional', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('disposed_by_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_assignment_round_disposed_at'), ['disposed_at'], unique=False)
        batch_op.create_index('ix_assignment_round_returned_return_due_at', ['returned', 'return_due_at'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_assignment_round_disposed_by_id'), 'ab_user', ['disposed_by_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('call', table_kwargs=KEPT) as batch_op:
        batch_op.add_column(sa.Column('note', sa.String(length=2000), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('withdraw_reason', sa.String(length=2000), nullable=False, server_default=''))
        batch_op.alter_column('place',
               existing_type=sa.VARCHAR(length=200),
               type_=sa.String(length=300),
               existing_nullable=False)

    with op.batch_alter_table('called_unit', table_kwargs=KEPT) as batch_op:
        batch_op.add_column(sa.Column('sign_due_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('reported_by', sa.String(length=60), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('reported_place', sa.String(length=300), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('limit', sa.String(length=12), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('opinion', sa.String(length=2000), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('finish_note', sa.String(length=2000), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('returned', sa.String(length=40), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('returned_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('return_reason', sa.String(length=40), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('return_note', sa.String(length=2000), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('return_due_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_called_unit_returned_return_due_at', ['returned', 'return_due_at'], unique=False)

    with op.batch_alter_table('staff_profile', table_kwargs=KEPT) as batch_op:
        batch_op.add_column(sa.Column('mails', sa.String(length=40), nullable=False, server_default='digest'))

    with op.batch_alter_table('ticket', table_kwargs=KEPT) as batch_op:
        batch_op.add_column(sa.Column('reporter_type', sa.String(length=40), nullable=False, server_default='public'))
        batch_op.add_column(sa.Column('fallback_way', sa.String(length=40), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('ended', sa.String(length=40), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('suspended', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('returns', sa.Integer(), nullable=True, server_default='0'))
        batch_op.add_column(sa.Column('ping_pong', sa.Integer(), nullable=True, server_default='0'))
        batch_op.add_column(sa.Column('extensions_granted', sa.Integer(), nullable=True, server_default='0'))
        batch_op.add_column(sa.Column('calls', sa.Integer(), nullable=True, server_default='0'))
        batch_op.add_column(sa.Column('reopenings', sa.Integer(), nullable=True, server_default='0'))
        batch_op.add_column(sa.Column('waiver', sa.String(length=300), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('frequent', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('recurrent', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('hard', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('next_due_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('window_ends_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('next_clock', sa.String(length=20), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('lookup_code', sa.String(length=16), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('handled_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('verified_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('split_from_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_ticket_claimed_at'), ['claimed_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_ticket_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ticket_next_due_at'), ['next_due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_ticket_split_from_id'), ['split_from_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_ticket_split_from_id'), 'ticket', ['split_from_id'], ['id'], ondelete='SET NULL')
        batch_op.create_foreign_key(batch_op.f('fk_ticket_verified_by_id'), 'ab_user', ['verified_by_id'], ['id'], ondelete='SET NULL')
        batch_op.create_foreign_key(batch_op.f('fk_ticket_handled_by_id'), 'ab_user', ['handled_by_id'], ['id'], ondelete='SET NULL')
        batch_op.create_foreign_key(batch_op.f('fk_ticket_merged_into_id'), 'ticket', ['merged_into_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('ticket_event') as batch_op:
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='0'))

    with op.batch_alter_table('evaluation_fact') as batch_op:
        batch_op.add_column(sa.Column('more', sa.JSON(), nullable=False, server_default='{}'))

    op.execute("DELETE FROM parameter WHERE code IN ('sign_limit', 'response_limit')")
    op.execute("UPDATE ticket SET ended = 'voided' WHERE voided")
    tell_what_ledgers_never_tell()
    keep_numbers(before)


def downgrade() -> None:
    """Back."""
    before = numbers()
    with op.batch_alter_table('evaluation_fact') as batch_op:
        batch_op.drop_column('more')

    with op.batch_alter_table('ticket_event') as batch_op:
        batch_op.drop_column('version')

    with op.batch_alter_table('ticket', table_kwargs=KEPT) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_ticket_merged_into_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_ticket_handled_by_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_ticket_verified_by_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_ticket_split_from_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_ticket_split_from_id'))
        batch_op.drop_index(batch_op.f('ix_ticket_next_due_at'))
        batch_op.drop_index(batch_op.f('ix_ticket_merged_into_id'))
        batch_op.drop_index(batch_op.f('ix_ticket_claimed_at'))
        batch_op.drop_column('split_from_id')
        batch_op.drop_column('merged_into_id')
        batch_op.drop_column('verified_by_id')
        batch_op.drop_column('handled_by_id')
        batch_op.drop_column('lookup_code')
        batch_op.drop_column('next_clock')
        batch_op.drop_column('archived_at')
        batch_op.drop_column('window_ends_at')
        batch_op.drop_column('reviewed_at')
        batch_op.drop_column('claimed_at')
        batch_op.drop_column('next_due_at')
        batch_op.drop_column('hard')
        batch_op.drop_column('recurrent')
        batch_op.drop_column('frequent')
        batch_op.drop_column('waiver')
        batch_op.drop_column('reopenings')
        batch_op.drop_column('calls')
        batch_op.drop_column('extensions_granted')
        batch_op.drop_column('ping_pong')
        batch_op.drop_column('returns')
        batch_op.drop_column('suspended')
        batch_op.drop_column('ended')
        batch_op.drop_column('fallback_way')
        batch_op.drop_column('reporter_type')

    with op.batch_alter_table('staff_profile', table_kwargs=KEPT) as batch_op:
        batch_op.drop_column('mails')

    with op.batch_alter_table('called_unit', table_kwargs=KEPT) as batch_op:
        batch_op.drop_index('ix_called_unit_returned_return_due_at')
        batch_op.drop_column('return_due_at')
        batch_op.drop_column('return_note')
        batch_op.drop_column('return_reason')
        batch_op.drop_column('returned_at')
        batch_op.drop_column('returned')
        batch_op.drop_column('finish_note')
        batch_op.drop_column('opinion')
        batch_op.drop_column('limit')
        batch_op.drop_column('reported_place')
        batch_op.drop_column('reported_by')
        batch_op.drop_column('sign_due_at')

    with op.batch_alter_table('call', table_kwargs=KEPT) as batch_op:
        batch_op.alter_column('place',
               existing_type=sa.String(length=300),
               type_=sa.VARCHAR(length=200),
               existing_nullable=False)
        batch_op.drop_column('withdraw_reason')
        batch_op.drop_column('withdrawn_at')
        batch_op.drop_column('note')

    with op.batch_alter_table('assignment_round', table_kwargs=KEPT) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_assignment_round_disposed_by_id'), type_='foreignkey')
        batch_op.drop_index('ix_assignment_round_returned_return_due_at')
        batch_op.drop_index(batch_op.f('ix_assignment_round_disposed_at'))
        batch_op.drop_column('disposed_by_id')
        batch_op.drop_column('due_provisional')
        batch_op.drop_column('withdrawn_at')
        batch_op.drop_column('return_due_at')
        batch_op.drop_column('return_note')
        batch_op.drop_column('disposed_at')
        batch_op.drop_column('base_due_at')
        batch_op.drop_column('started_at')
        batch_op.drop_column('contacted_at')
        batch_op.drop_column('contact_due_at')
        batch_op.drop_column('sign_due_at')
        batch_op.drop_column('kind')

    with op.batch_alter_table('suspension', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_suspension_ticket_id'))
        batch_op.drop_index(batch_op.f('ix_suspension_state'))

    op.drop_table('suspension')
    with op.batch_alter_table('supervision_order', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_supervision_order_unit_id'))
        batch_op.drop_index(batch_op.f('ix_supervision_order_ticket_id'))

    op.drop_table('supervision_order')
    with op.batch_alter_table('rating', schema=None) as batch_op:
        batch_op.drop_index('ix_rating_token')
        batch_op.drop_index(batch_op.f('ix_rating_ticket_id'))
        batch_op.drop_index(batch_op.f('ix_rating_submitted_at'))
        batch_op.drop_index('ix_rating_rater_id_state')
        batch_op.drop_index(batch_op.f('ix_rating_rater_id'))
        batch_op.drop_index(batch_op.f('ix_rating_rated_id'))

    op.drop_table('rating')
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_index('ix_notice_user_id_read_at')
        batch_op.drop_index(batch_op.f('ix_notice_ticket_id'))
        batch_op.drop_index(batch_op.f('ix_notice_mail_after'))
        batch_op.drop_index(batch_op.f('ix_notice_created_at'))

    op.drop_table('notice')
    with op.batch_alter_table('follow_up', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_follow_up_ticket_id'))

    op.drop_table('follow_up')
    with op.batch_alter_table('extension', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_extension_ticket_id'))
        batch_op.drop_index(batch_op.f('ix_extension_state'))

    op.drop_table('extension')
    with op.batch_alter_table('consultation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_consultation_ticket_id'))

    op.drop_table('consultation')
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attachment_unit_id'))
        batch_op.drop_index(batch_op.f('ix_attachment_ticket_id'))

    op.drop_table('attachment')
    with op.batch_alter_table('time_limit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_time_limit_matter_id'))

    op.drop_table('time_limit')
    op.drop_table('reminder_rule')
    op.drop_table('partner')
    with op.batch_alter_table('mail', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_mail_state'))
        batch_op.drop_index(batch_op.f('ix_mail_next_at'))

    op.drop_table('mail')
    op.drop_table('clock_work')
    keep_numbers(before)
