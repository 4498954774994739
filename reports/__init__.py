"""The print wing: turns frozen values into workbooks and papers; it prints numbers and never makes them."""
