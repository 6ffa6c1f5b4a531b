#!/bin/sh
# Runs once, in a fresh database folder: the desk's own role, which is no superuser, since a
# superuser would walk through row-level security. CREATEDB is for the trial restore of backups.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$AXSUPPORT_PASSWORD" --username postgres <<'SQL'
CREATE ROLE axsupport LOGIN CREATEDB PASSWORD :'password';
CREATE DATABASE axsupport OWNER axsupport;
SQL
