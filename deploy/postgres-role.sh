#!/bin/sh
# Runs once, in a fresh database folder: the desk's own role, which is no superuser, since a
# superuser would walk through row-level security. CREATEDB is for the trial restore of backups.
# The keeper owns the one function that may remove rows of journal and ledger (docs/operations.md).
# Search finds as a role of its own (docs/decisions/search-behind-the-walls.md).
set -eu
psql -v ON_ERROR_STOP=1 -v password="$AXSUPPORT_PASSWORD" --username postgres <<'SQL'
CREATE ROLE axsupport LOGIN CREATEDB PASSWORD :'password';
CREATE ROLE axsupport_keeper NOLOGIN;
GRANT axsupport_keeper TO axsupport;
CREATE DATABASE axsupport OWNER axsupport;
CREATE ROLE axsupport_search NOLOGIN;
GRANT axsupport_search TO axsupport WITH INHERIT FALSE, SET TRUE;
SQL
