#!/bin/sh
# Puts comhar into an environment where what it needs is installed already: where its code is, its version, its command.
# That is all an installer would do, and needs no build tool.
#
#   deploy/install.sh ENVIRONMENT CODE     both absolute; CODE holds contracts, shared, services and deploy
set -eu
cd "$(dirname "$0")/.."
environment=$1
code=$2
packages=$environment/lib/python3.11/site-packages
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml)

echo "$code" >"$packages/comhar.pth"
mkdir -p "$packages/comhar-$version.dist-info"
printf 'Metadata-Version: 2.1\nName: comhar\nVersion: %s\n' "$version" >"$packages/comhar-$version.dist-info/METADATA"
printf '#!%s/bin/python -P\nfrom deploy.__main__ import main\n\nmain()\n' "$environment" >"$environment/bin/comhar"
chmod 755 "$environment/bin/comhar"
