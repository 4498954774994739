"""Frontline: the back office with which a city district runs its front-line disposal of citizens' matters."""
