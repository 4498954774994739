"""Month attribution (handbook §2.9): the moment that puts a duty into a period, in words."""

from __future__ import annotations

from app.domain.refusals import N_

TIME_ROLES = {
    "reported": N_("Month of reporting"),
    "dispatched": N_("Month of dispatch"),
    "due": N_("Month of the due time"),
    "response_due": N_("Month of the response limit"),
    "completed": N_("Month of completion"),
    "appointment": N_("Month of the appointment"),
    "contact_due": N_("Month of the contact limit"),
    "returned": N_("Month in which the return was asked for"),
    "rating_due": N_("Month of the rating limit"),
}
"""Every time role an indicator may name."""
