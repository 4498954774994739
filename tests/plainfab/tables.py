"""The laboratory's toy tables, declared as Flask-AppBuilder's own documentation would declare them."""

from __future__ import annotations

from datetime import datetime

from flask_appbuilder import Model
from sqlalchemy import Boolean, Column, Date, DateTime, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import relationship


class Office(Model):
    """A unit; cases have one that leads and one that supports."""

    __tablename__ = "office"

    id = Column(Integer, primary_key=True)
    name = Column(String(50), unique=True, nullable=False)
    phone = Column(String(20))

    def __repr__(self) -> str:
        return str(self.name)


class Case(Model):
    """A case; ``office_id`` says whose it is."""

    __tablename__ = "cases"

    id = Column(Integer, primary_key=True)
    title = Column(String(50), unique=True, nullable=False)
    phone = Column(String(20))
    done = Column(Boolean, default=False)
    size = Column(Integer)
    opened = Column(DateTime, default=datetime.now, nullable=False)
    day = Column(Date)
    office_id = Column(Integer, ForeignKey("office.id"))
    office = relationship(Office, foreign_keys=[office_id])
    helper_id = Column(Integer, ForeignKey("office.id"))
    helper = relationship(Office, foreign_keys=[helper_id])
    changed_by = Column(String(50), default="the program")

    def __repr__(self) -> str:
        return str(self.title)


class Word(Model):
    """A word with a natural key."""

    __tablename__ = "word"

    code = Column(String(20), primary_key=True)
    text = Column(String(50))


class Room(Model):
    """A room with desks."""

    __tablename__ = "room"

    id = Column(Integer, primary_key=True)
    name = Column(String(20))

    def __repr__(self) -> str:
        return str(self.name)


class Desk(Model):
    """A desk, numbered within its room; without a room there is none."""

    __tablename__ = "desk"
    __table_args__ = (UniqueConstraint("room_id", "number"),)

    id = Column(Integer, primary_key=True)
    number = Column(String(20))
    room_id = Column(Integer, ForeignKey("room.id"), nullable=False)
    room = relationship(Room, backref="desks")
