#!/bin/sh
# Runs once, when the database container is new: the owner that migrates, and the app's role,
# which owns nothing and is bound by row level security. The passwords come from the environment.
set -eu
psql --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set owner="$GUILDER_OWNER_PASSWORD" --set app="$GUILDER_APP_PASSWORD" <<'SQL'
CREATE ROLE guilder LOGIN BYPASSRLS CREATEROLE PASSWORD :'owner';
CREATE ROLE guilder_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'app';
GRANT guilder_app TO guilder WITH ADMIN OPTION;
CREATE DATABASE guilder OWNER guilder TEMPLATE template0 ENCODING 'UTF8';
SQL
