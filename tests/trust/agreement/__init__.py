"""One evaluation read from everywhere it is told: plain SQL, screen, REST, workbook, the same workbook recalculated, paper."""
