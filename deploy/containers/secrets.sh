#!/bin/sh
# Makes what docker-compose.yml needs and nobody may know: deploy/containers/secrets.sh [directory]
# What exists is kept, so it can be run again when a service is added. The folder is closed to all but its owner; the files in it
# are readable, because the containers' users, who see only the files they are given, are not the owner.
set -eu
cd "$(dirname "$0")/../.."
directory=${1:-deploy/secrets}
umask 077
mkdir -p "$directory"

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

keep() {
    [ -e "$directory/$1" ] || printf '%s\n' "$2" >"$directory/$1"
    chmod 444 "$directory/$1"
}

[ -e "$directory/master_key" ] || head -c 32 /dev/urandom >"$directory/master_key"
chmod 444 "$directory/master_key"

keep postgres_password "$(random)"
keep owner_database "postgresql://comhar:$(cat "$directory/postgres_password")@postgres:5432/comhar"
for service in partnerships sessions feedback reporting audit gateway; do
    keep "${service}_database" "postgresql://$service:$(random)@postgres:5432/comhar"
done

keep rabbitmq_password "$(random)"
keep broker "amqp://comhar:$(cat "$directory/rabbitmq_password")@rabbitmq:5672/comhar"
keep rabbitmq_definitions "$(cat <<JSON
{
  "vhosts": [{"name": "comhar"}],
  "users": [{"name": "comhar", "password": "$(cat "$directory/rabbitmq_password")", "tags": ""}],
  "permissions": [{"user": "comhar", "vhost": "comhar", "configure": ".*", "write": ".*", "read": ".*"}]
}
JSON
)"
