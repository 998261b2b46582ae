#!/bin/bash
# Makes a database role for each surface, with its own password. Postgres runs this once, when its folder is empty; for
# one that is older: docker compose exec postgres bash /docker-entrypoint-initdb.d/roles.sh
# What each may do is granted by `countersign migrate`.
set -euo pipefail
for surface in api queue bot monitor fetcher; do
  psql --quiet --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set=role="countersign_$surface" --set=password="$(cat "/run/secrets/password_$surface")" << 'END'
select format('create role %I login', :'role')
  where not exists (select from pg_roles where rolname = :'role') \gexec
alter role :"role" login password :'password';
END
done
