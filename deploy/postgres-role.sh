#!/bin/sh
# Runs once, in a fresh database folder: the desk's own role, which is no superuser, since a
# superuser would walk through row-level security.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$AXSUPPORT_PASSWORD" --username postgres <<'SQL'
CREATE ROLE axsupport LOGIN PASSWORD :'password';
CREATE DATABASE axsupport OWNER axsupport;
SQL
