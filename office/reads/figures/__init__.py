"""The managers' picture: what is counted, what is asked for, and the tables it makes."""
