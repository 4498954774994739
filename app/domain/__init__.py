"""The rules of front-line disposal: plain Python, standard library only, values in and values out."""
