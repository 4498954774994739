"""the evaluation's whole cycle."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
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
    op.create_table('exclusion_reason',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('indicators', sa.String(length=400), nullable=False),
    sa.Column('basis', sa.String(length=400), nullable=False),
    sa.Column('position', sa.Integer(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('name_zh', sa.String(length=80), nullable=False),
    sa.Column('name_en', sa.String(length=80), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_exclusion_reason_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_exclusion_reason_created_by_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exclusion_reason')),
    sa.UniqueConstraint('code', name=op.f('uq_exclusion_reason_code')),
    sqlite_autoincrement=True
    )
    op.create_table('appeal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('group', sa.String(length=20), nullable=False),
    sa.Column('line', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('text', sa.String(length=2000), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('filed_by', sa.String(length=128), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('filed_by_id', sa.Integer(), nullable=True),
    sa.Column('nodes', sa.JSON(), nullable=False),
    sa.Column('tickets', sa.JSON(), nullable=False),
    sa.Column('granted', sa.JSON(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.Column('effect', sa.JSON(), nullable=False),
    sa.Column('evaluation_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_appeal_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_appeal_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_appeal_evaluation_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['filed_by_id'], ['ab_user.id'], name=op.f('fk_appeal_filed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_appeal_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal')),
    sa.UniqueConstraint('evaluation_id', 'unit_id', 'line', name=op.f('uq_appeal_evaluation_id_unit_id_line')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('appeal') as batch_op:
        batch_op.create_index(batch_op.f('ix_appeal_evaluation_id'), ['evaluation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appeal_unit_id'), ['unit_id'], unique=False)

    op.create_table('bulletin',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('approved_by', sa.String(length=128), nullable=False),
    sa.Column('evaluation_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_bulletin_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_bulletin_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_bulletin_evaluation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulletin')),
    sa.UniqueConstraint('evaluation_id', 'language', name=op.f('uq_bulletin_evaluation_id_language')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('bulletin') as batch_op:
        batch_op.create_index(batch_op.f('ix_bulletin_evaluation_id'), ['evaluation_id'], unique=False)

    op.create_table('evaluation_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('evaluation_id', sa.Integer(), nullable=False),
    sa.Column('snapshot_hash', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('report', sa.String(length=40), nullable=False),
    sa.Column('format', sa.String(length=10), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('made_by', sa.String(length=128), nullable=False),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_evaluation_file_evaluation_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['made_by_id'], ['ab_user.id'], name=op.f('fk_evaluation_file_made_by_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_file')),
    sa.UniqueConstraint('digest', name=op.f('uq_evaluation_file_digest'))
    )
    with op.batch_alter_table('evaluation_file') as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_file_evaluation_id'), ['evaluation_id'], unique=False)

    op.create_table('evaluation_finding',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('evaluation_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('tickets', sa.JSON(), nullable=False),
    sa.Column('days', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_evaluation_finding_evaluation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_finding')),
    sa.UniqueConstraint('evaluation_id', 'code', name=op.f('uq_evaluation_finding_evaluation_id_code'))
    )
    op.create_table('manual_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('period', sa.String(length=20), nullable=False),
    sa.Column('line', sa.String(length=20), nullable=False),
    sa.Column('points', sa.Numeric(precision=18, scale=2), nullable=False),
    sa.Column('note', sa.String(length=1000), nullable=False),
    sa.Column('proof', sa.String(length=255), nullable=False),
    sa.Column('proof_type', sa.String(length=100), nullable=False),
    sa.Column('proof_digest', sa.String(length=64), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_manual_entry_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_manual_entry_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_manual_entry_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_manual_entry')),
    sa.UniqueConstraint('period', 'unit_id', 'line', name=op.f('uq_manual_entry_period_unit_id_line')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('manual_entry') as batch_op:
        batch_op.create_index(batch_op.f('ix_manual_entry_unit_id'), ['unit_id'], unique=False)

    op.create_table('appeal_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('appeal_id', sa.Integer(), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('node', sa.String(length=20), nullable=False),
    sa.Column('verdict', sa.String(length=20), nullable=False),
    sa.Column('opinion', sa.String(length=2000), nullable=False),
    sa.Column('granted', sa.JSON(), nullable=False),
    sa.Column('value', sa.String(length=40), nullable=False),
    sa.Column('effect', sa.JSON(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_by', sa.String(length=128), nullable=False),
    sa.ForeignKeyConstraint(['appeal_id'], ['appeal.id'], name=op.f('fk_appeal_step_appeal_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['decided_by_id'], ['ab_user.id'], name=op.f('fk_appeal_step_decided_by_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal_step')),
    sa.UniqueConstraint('appeal_id', 'ordinal', name=op.f('uq_appeal_step_appeal_id_ordinal'))
    )
    op.create_table('scheme_case',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('given', sa.Text(), nullable=False),
    sa.Column('line', sa.String(length=20), nullable=False),
    sa.Column('expected', sa.String(length=40), nullable=False),
    sa.Column('scheme_version_id', sa.Integer(), nullable=False),
    sa.Column('title_zh', sa.String(length=200), nullable=False),
    sa.Column('title_en', sa.String(length=200), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_scheme_case_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_scheme_case_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['scheme_version_id'], ['scheme_version.id'], name=op.f('fk_scheme_case_scheme_version_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scheme_case')),
    sa.UniqueConstraint('scheme_version_id', 'number', name=op.f('uq_scheme_case_scheme_version_id_number')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('scheme_case') as batch_op:
        batch_op.create_index(batch_op.f('ix_scheme_case_scheme_version_id'), ['scheme_version_id'], unique=False)

    op.create_table('exclusion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('indicator', sa.String(length=40), nullable=False),
    sa.Column('origin', sa.String(length=40), nullable=False),
    sa.Column('basis', sa.String(length=400), nullable=False),
    sa.Column('note', sa.String(length=1000), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.String(length=128), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_by', sa.String(length=128), nullable=False),
    sa.Column('entered_by_id', sa.Integer(), nullable=True),
    sa.Column('appeal_id', sa.Integer(), nullable=True),
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('reason_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['appeal_id'], ['appeal.id'], name=op.f('fk_exclusion_appeal_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['changed_by_id'], ['ab_user.id'], name=op.f('fk_exclusion_changed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['ab_user.id'], name=op.f('fk_exclusion_created_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['entered_by_id'], ['ab_user.id'], name=op.f('fk_exclusion_entered_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['reason_id'], ['exclusion_reason.id'], name=op.f('fk_exclusion_reason_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_exclusion_ticket_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_exclusion_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exclusion')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('exclusion') as batch_op:
        batch_op.create_index(batch_op.f('ix_exclusion_appeal_id'), ['appeal_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_exclusion_reason_id'), ['reason_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_exclusion_ticket_id'), ['ticket_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_exclusion_unit_id'), ['unit_id'], unique=False)

    op.create_table('evaluation_proof',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('appeal_id', sa.Integer(), nullable=True),
    sa.Column('exclusion_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('added_by', sa.String(length=128), nullable=False),
    sa.ForeignKeyConstraint(['appeal_id'], ['appeal.id'], name=op.f('fk_evaluation_proof_appeal_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['exclusion_id'], ['exclusion.id'], name=op.f('fk_evaluation_proof_exclusion_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_proof'))
    )
    with op.batch_alter_table('evaluation_proof') as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_proof_appeal_id'), ['appeal_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_evaluation_proof_exclusion_id'), ['exclusion_id'], unique=False)

    with op.batch_alter_table('assignment_round') as batch_op:
        batch_op.create_index(batch_op.f('ix_assignment_round_contact_due_at'), ['contact_due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_assignment_round_returned_at'), ['returned_at'], unique=False)

    with op.batch_alter_table('call') as batch_op:
        batch_op.create_index(batch_op.f('ix_call_appointment_at'), ['appointment_at'], unique=False)

    with op.batch_alter_table('called_unit') as batch_op:
        batch_op.create_index(batch_op.f('ix_called_unit_returned_at'), ['returned_at'], unique=False)

    with op.batch_alter_table('evaluation', table_kwargs=KEPT) as batch_op:
        batch_op.add_column(sa.Column('preliminary_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('preliminary_by', sa.String(length=128), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('appeal_until', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('reason', sa.String(length=1000), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('computed_by', sa.String(length=128), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('excluded', sa.Integer(), nullable=True, server_default='0'))
        batch_op.add_column(sa.Column('opened', sa.DateTime(timezone=True), nullable=True))
        batch_op.alter_column('kind',
               existing_type=sa.VARCHAR(length=12),
               type_=sa.String(length=40),
               existing_nullable=False)

    with op.batch_alter_table('evaluation_group') as batch_op:
        batch_op.add_column(sa.Column('bonus_cap', sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column('min_sample', sa.Integer(), nullable=False, server_default='3'))
        batch_op.add_column(sa.Column('ties', sa.String(length=20), nullable=False, server_default='dense'))
        batch_op.add_column(sa.Column('sealed', sa.JSON(none_as_null=True), nullable=True))

    with op.batch_alter_table('evaluation_line') as batch_op:
        batch_op.add_column(sa.Column('year_before', sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column('median', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('p90', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('note', sa.String(length=1000), nullable=True))

    with op.batch_alter_table('evaluation_unit') as batch_op:
        batch_op.add_column(sa.Column('uncapped', sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column('size', sa.String(length=80), nullable=True))

    with op.batch_alter_table('follow_up') as batch_op:
        batch_op.create_index(batch_op.f('ix_follow_up_made_at'), ['made_at'], unique=False)

    with op.batch_alter_table('rating') as batch_op:
        batch_op.create_index(batch_op.f('ix_rating_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_rating_revealed_at'), ['revealed_at'], unique=False)

    with op.batch_alter_table('scheme_line', table_kwargs=KEPT) as batch_op:
        batch_op.add_column(sa.Column('code', sa.String(length=20), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('section', sa.String(length=40), nullable=False, server_default='basic'))
        batch_op.add_column(sa.Column('appeal', sa.String(length=40), nullable=False, server_default='both'))
        batch_op.add_column(sa.Column('name_zh', sa.String(length=120), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('name_en', sa.String(length=120), nullable=False, server_default=''))
        batch_op.alter_column('params',
               existing_type=sa.VARCHAR(length=200),
               type_=sa.String(length=400),
               existing_nullable=False)

    op.execute("UPDATE scheme_line SET code = indicator")
    with op.batch_alter_table('scheme_line', table_kwargs=KEPT) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_scheme_line_scheme_version_id_indicator'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_scheme_line_scheme_version_id_code'), ['scheme_version_id', 'code'])

    with op.batch_alter_table('scheme_version', table_kwargs=KEPT) as batch_op:
        batch_op.add_column(sa.Column('bonus_cap', sa.Numeric(precision=18, scale=2), nullable=True))
        batch_op.add_column(sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('approved_by', sa.String(length=128), nullable=False, server_default=''))

    with op.batch_alter_table('unit', table_kwargs=KEPT) as batch_op:
        batch_op.add_column(sa.Column('area', sa.Numeric(precision=18, scale=3), nullable=True))
        batch_op.add_column(sa.Column('population', sa.Numeric(precision=18, scale=3), nullable=True))
    keep_numbers(before)


def downgrade() -> None:
    """Back."""
    before = numbers()
    with op.batch_alter_table('unit', table_kwargs=KEPT) as batch_op:
        batch_op.drop_column('population')
        batch_op.drop_column('area')

    with op.batch_alter_table('scheme_version', table_kwargs=KEPT) as batch_op:
        batch_op.drop_column('approved_by')
        batch_op.drop_column('approved_at')
        batch_op.drop_column('bonus_cap')

    # What is entered by hand, and a second line of one indicator, have no place in the older tables.
    op.execute("DELETE FROM scheme_line WHERE indicator = '' OR id NOT IN (SELECT MIN(id) FROM scheme_line GROUP BY scheme_version_id, indicator)")
    with op.batch_alter_table('scheme_line', table_kwargs=KEPT) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_scheme_line_scheme_version_id_code'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_scheme_line_scheme_version_id_indicator'), ['scheme_version_id', 'indicator'])
        batch_op.alter_column('params',
               existing_type=sa.String(length=400),
               type_=sa.VARCHAR(length=200),
               existing_nullable=False)
        batch_op.drop_column('name_en')
        batch_op.drop_column('name_zh')
        batch_op.drop_column('appeal')
        batch_op.drop_column('section')
        batch_op.drop_column('code')

    with op.batch_alter_table('rating') as batch_op:
        batch_op.drop_index(batch_op.f('ix_rating_revealed_at'))
        batch_op.drop_index(batch_op.f('ix_rating_due_at'))

    with op.batch_alter_table('follow_up') as batch_op:
        batch_op.drop_index(batch_op.f('ix_follow_up_made_at'))

    with op.batch_alter_table('evaluation_unit') as batch_op:
        batch_op.drop_column('size')
        batch_op.drop_column('uncapped')

    with op.batch_alter_table('evaluation_line') as batch_op:
        batch_op.drop_column('note')
        batch_op.drop_column('p90')
        batch_op.drop_column('median')
        batch_op.drop_column('year_before')

    with op.batch_alter_table('evaluation_group') as batch_op:
        batch_op.drop_column('sealed')
        batch_op.drop_column('ties')
        batch_op.drop_column('min_sample')
        batch_op.drop_column('bonus_cap')

    with op.batch_alter_table('evaluation', table_kwargs=KEPT) as batch_op:
        batch_op.alter_column('kind',
               existing_type=sa.String(length=40),
               type_=sa.VARCHAR(length=12),
               existing_nullable=False)
        batch_op.drop_column('opened')
        batch_op.drop_column('excluded')
        batch_op.drop_column('computed_by')
        batch_op.drop_column('reason')
        batch_op.drop_column('appeal_until')
        batch_op.drop_column('preliminary_by')
        batch_op.drop_column('preliminary_at')

    with op.batch_alter_table('called_unit') as batch_op:
        batch_op.drop_index(batch_op.f('ix_called_unit_returned_at'))

    with op.batch_alter_table('call') as batch_op:
        batch_op.drop_index(batch_op.f('ix_call_appointment_at'))

    with op.batch_alter_table('assignment_round') as batch_op:
        batch_op.drop_index(batch_op.f('ix_assignment_round_returned_at'))
        batch_op.drop_index(batch_op.f('ix_assignment_round_contact_due_at'))

    with op.batch_alter_table('evaluation_proof') as batch_op:
        batch_op.drop_index(batch_op.f('ix_evaluation_proof_exclusion_id'))
        batch_op.drop_index(batch_op.f('ix_evaluation_proof_appeal_id'))

    op.drop_table('evaluation_proof')
    with op.batch_alter_table('exclusion') as batch_op:
        batch_op.drop_index(batch_op.f('ix_exclusion_unit_id'))
        batch_op.drop_index(batch_op.f('ix_exclusion_ticket_id'))
        batch_op.drop_index(batch_op.f('ix_exclusion_reason_id'))
        batch_op.drop_index(batch_op.f('ix_exclusion_appeal_id'))

    op.drop_table('exclusion')
    with op.batch_alter_table('scheme_case') as batch_op:
        batch_op.drop_index(batch_op.f('ix_scheme_case_scheme_version_id'))

    op.drop_table('scheme_case')
    op.drop_table('appeal_step')
    with op.batch_alter_table('manual_entry') as batch_op:
        batch_op.drop_index(batch_op.f('ix_manual_entry_unit_id'))

    op.drop_table('manual_entry')
    op.drop_table('evaluation_finding')
    with op.batch_alter_table('evaluation_file') as batch_op:
        batch_op.drop_index(batch_op.f('ix_evaluation_file_evaluation_id'))

    op.drop_table('evaluation_file')
    with op.batch_alter_table('bulletin') as batch_op:
        batch_op.drop_index(batch_op.f('ix_bulletin_evaluation_id'))

    op.drop_table('bulletin')
    with op.batch_alter_table('appeal') as batch_op:
        batch_op.drop_index(batch_op.f('ix_appeal_unit_id'))
        batch_op.drop_index(batch_op.f('ix_appeal_evaluation_id'))

    op.drop_table('appeal')
    op.drop_table('exclusion_reason')
    keep_numbers(before)
