"""From a model of paper or sheets to the bytes of a PDF or a workbook; nothing here knows what a scorecard is."""
