"""`make up`: the processes of the desk, what starts them and what must have happened before."""
