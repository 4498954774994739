"""The low-code kit: a table declared once becomes screens, REST, templates, import, export and a change log."""
