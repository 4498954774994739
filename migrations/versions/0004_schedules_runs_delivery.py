"""schedules, runs, delivery."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
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


def upgrade() -> None:
    """Forward."""
    before = numbers()
    op.create_table('clock_log',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('reason', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('trace', sa.Text(), nullable=False),
    sa.Column('worker', sa.String(length=80), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clock_log')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('clock_log') as batch_op:
        batch_op.create_index('ix_clock_log_code_started_at', ['code', 'started_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_clock_log_ended_at'), ['ended_at'], unique=False)

    op.create_table('delivery_target',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('address', sa.String(length=500), nullable=False),
    sa.Column('secret', sa.String(length=200), nullable=False),
    sa.Column('allow_private', sa.Boolean(), nullable=False),
    sa.Column('language', sa.String(length=40), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('name_zh', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_delivery_target_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_delivery_target_created_by_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery_target')),
    sa.UniqueConstraint('code', name=op.f('uq_delivery_target_code')),
    sqlite_autoincrement=True
    )
    op.create_table('intake_source',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('mapping', sa.String(length=40), nullable=False),
    sa.Column('secret', sa.String(length=200), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('name_zh', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('channel_id', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_intake_source_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['channel_id'], ['channel.id'], name=op.f('fk_intake_source_channel_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_intake_source_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['source_id'], ['source_system.id'], name=op.f('fk_intake_source_source_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_intake_source')),
    sa.UniqueConstraint('code', name=op.f('uq_intake_source_code')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('intake_source') as batch_op:
        batch_op.create_index(batch_op.f('ix_intake_source_channel_id'), ['channel_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_intake_source_source_id'), ['source_id'], unique=False)

    op.create_table('schedule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('report', sa.String(length=40), nullable=False),
    sa.Column('scope', sa.String(length=40), nullable=False),
    sa.Column('group', sa.String(length=40), nullable=False),
    sa.Column('period_rule', sa.String(length=40), nullable=False),
    sa.Column('formats', sa.String(length=40), nullable=False),
    sa.Column('languages', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('nth', sa.Integer(), nullable=True),
    sa.Column('weekday', sa.String(length=40), nullable=False),
    sa.Column('months', sa.String(length=40), nullable=False),
    sa.Column('shift', sa.String(length=40), nullable=False),
    sa.Column('at', sa.String(length=5), nullable=False),
    sa.Column('cron', sa.String(length=120), nullable=False),
    sa.Column('zone', sa.String(length=60), nullable=False),
    sa.Column('condition', sa.String(length=40), nullable=False),
    sa.Column('wait_days', sa.Integer(), nullable=True),
    sa.Column('catch_up', sa.String(length=40), nullable=False),
    sa.Column('to_owner', sa.Boolean(), nullable=False),
    sa.Column('leads', sa.String(length=40), nullable=False),
    sa.Column('route', sa.String(length=40), nullable=False),
    sa.Column('addresses', sa.String(length=2000), nullable=False),
    sa.Column('keep_days', sa.Integer(), nullable=True),
    sa.Column('enabled', sa.Boolean(), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('planned_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('name_zh', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_schedule_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_schedule_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_schedule_owner_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_schedule_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_schedule')),
    sa.UniqueConstraint('code', name=op.f('uq_schedule_code')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('schedule') as batch_op:
        batch_op.create_index(batch_op.f('ix_schedule_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_schedule_unit_id'), ['unit_id'], unique=False)

    op.create_table('schedule_accounts',
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('target_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['schedule.id'], name=op.f('fk_schedule_accounts_owner_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['target_id'], ['ab_user.id'], name=op.f('fk_schedule_accounts_target_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('owner_id', 'target_id', name=op.f('pk_schedule_accounts'))
    )
    with op.batch_alter_table('schedule_accounts') as batch_op:
        batch_op.create_index(batch_op.f('ix_schedule_accounts_target_id'), ['target_id'], unique=False)

    op.create_table('schedule_roles',
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('target_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['schedule.id'], name=op.f('fk_schedule_roles_owner_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['target_id'], ['ab_role.id'], name=op.f('fk_schedule_roles_target_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('owner_id', 'target_id', name=op.f('pk_schedule_roles'))
    )
    with op.batch_alter_table('schedule_roles') as batch_op:
        batch_op.create_index(batch_op.f('ix_schedule_roles_target_id'), ['target_id'], unique=False)

    op.create_table('schedule_targets',
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('target_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['schedule.id'], name=op.f('fk_schedule_targets_owner_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['target_id'], ['delivery_target.id'], name=op.f('fk_schedule_targets_target_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('owner_id', 'target_id', name=op.f('pk_schedule_targets'))
    )
    with op.batch_alter_table('schedule_targets') as batch_op:
        batch_op.create_index(batch_op.f('ix_schedule_targets_target_id'), ['target_id'], unique=False)

    op.create_table('artefact',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('report', sa.String(length=40), nullable=False),
    sa.Column('subject', sa.String(length=40), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('evaluation_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('format', sa.String(length=10), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kept_until', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_artefact_evaluation_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_artefact_run_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_artefact_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_artefact')),
    sa.UniqueConstraint('run_id', 'key', name=op.f('uq_artefact_run_id_key')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('artefact') as batch_op:
        batch_op.create_index(batch_op.f('ix_artefact_digest'), ['digest'], unique=False)
        batch_op.create_index(batch_op.f('ix_artefact_evaluation_id'), ['evaluation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_artefact_kept_until'), ['kept_until'], unique=False)
        batch_op.create_index(batch_op.f('ix_artefact_unit_id'), ['unit_id'], unique=False)

    op.create_table('delivery',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('route', sa.String(length=20), nullable=False),
    sa.Column('to', sa.String(length=340), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('target_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('artefacts', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.String(length=40), nullable=False),
    sa.Column('answer', sa.String(length=300), nullable=False),
    sa.Column('reason', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('message_id', sa.String(length=120), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_delivery_run_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['target_id'], ['delivery_target.id'], name=op.f('fk_delivery_target_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], name=op.f('fk_delivery_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery')),
    sa.UniqueConstraint('message_id', name=op.f('uq_delivery_message_id')),
    sa.UniqueConstraint('run_id', 'route', 'to', name=op.f('uq_delivery_run_id_route_to')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('delivery') as batch_op:
        batch_op.create_index('ix_delivery_state_next_at', ['state', 'next_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_delivery_target_id'), ['target_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_delivery_user_id'), ['user_id'], unique=False)

    op.create_table('artefact_reading',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('artefact_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('user_name', sa.String(length=128), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['artefact_id'], ['artefact.id'], name=op.f('fk_artefact_reading_artefact_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], name=op.f('fk_artefact_reading_user_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_artefact_reading')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('artefact_reading') as batch_op:
        batch_op.create_index(batch_op.f('ix_artefact_reading_artefact_id'), ['artefact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_artefact_reading_user_id'), ['user_id'], unique=False)

    with op.batch_alter_table('matter', table_kwargs=KEPT) as batch_op:
        batch_op.add_column(sa.Column('public', sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table('run') as batch_op:
        batch_op.add_column(sa.Column('not_before', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('retries', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('schedule_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('window', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('edition', sa.Integer(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('due_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('late', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('period', sa.String(length=20), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('waits', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('wait_until', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_run_schedule_id'), ['schedule_id'], unique=False)
        batch_op.create_unique_constraint(batch_op.f('uq_run_schedule_id_window_edition'), ['schedule_id', 'window', 'edition'])
        batch_op.create_foreign_key(batch_op.f('fk_run_schedule_id'), 'schedule', ['schedule_id'], ['id'], ondelete='SET NULL')
    keep_numbers(before)


def downgrade() -> None:
    """Back."""
    before = numbers()
    with op.batch_alter_table('run') as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_run_schedule_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_run_schedule_id_window_edition'), type_='unique')
        batch_op.drop_index(batch_op.f('ix_run_schedule_id'))
        batch_op.drop_column('wait_until')
        batch_op.drop_column('waits')
        batch_op.drop_column('period')
        batch_op.drop_column('late')
        batch_op.drop_column('due_at')
        batch_op.drop_column('edition')
        batch_op.drop_column('window')
        batch_op.drop_column('schedule_id')
        batch_op.drop_column('retries')
        batch_op.drop_column('not_before')

    with op.batch_alter_table('matter', table_kwargs=KEPT) as batch_op:
        batch_op.drop_column('public')

    with op.batch_alter_table('artefact_reading') as batch_op:
        batch_op.drop_index(batch_op.f('ix_artefact_reading_user_id'))
        batch_op.drop_index(batch_op.f('ix_artefact_reading_artefact_id'))

    op.drop_table('artefact_reading')
    with op.batch_alter_table('delivery') as batch_op:
        batch_op.drop_index(batch_op.f('ix_delivery_user_id'))
        batch_op.drop_index(batch_op.f('ix_delivery_target_id'))
        batch_op.drop_index('ix_delivery_state_next_at')

    op.drop_table('delivery')
    with op.batch_alter_table('artefact') as batch_op:
        batch_op.drop_index(batch_op.f('ix_artefact_unit_id'))
        batch_op.drop_index(batch_op.f('ix_artefact_kept_until'))
        batch_op.drop_index(batch_op.f('ix_artefact_evaluation_id'))
        batch_op.drop_index(batch_op.f('ix_artefact_digest'))

    op.drop_table('artefact')
    with op.batch_alter_table('schedule_targets') as batch_op:
        batch_op.drop_index(batch_op.f('ix_schedule_targets_target_id'))

    op.drop_table('schedule_targets')
    with op.batch_alter_table('schedule_roles') as batch_op:
        batch_op.drop_index(batch_op.f('ix_schedule_roles_target_id'))

    op.drop_table('schedule_roles')
    with op.batch_alter_table('schedule_accounts') as batch_op:
        batch_op.drop_index(batch_op.f('ix_schedule_accounts_target_id'))

    op.drop_table('schedule_accounts')
    with op.batch_alter_table('schedule') as batch_op:
        batch_op.drop_index(batch_op.f('ix_schedule_unit_id'))
        batch_op.drop_index(batch_op.f('ix_schedule_owner_id'))

    op.drop_table('schedule')
    with op.batch_alter_table('intake_source') as batch_op:
        batch_op.drop_index(batch_op.f('ix_intake_source_source_id'))
        batch_op.drop_index(batch_op.f('ix_intake_source_channel_id'))

    op.drop_table('intake_source')
    op.drop_table('delivery_target')
    with op.batch_alter_table('clock_log') as batch_op:
        batch_op.drop_index(batch_op.f('ix_clock_log_ended_at'))
        batch_op.drop_index('ix_clock_log_code_started_at')

    op.drop_table('clock_log')
    keep_numbers(before)
