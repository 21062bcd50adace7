#!/usr/bin/env bash
# Shows what deploying does, asks and does it: scripts/deploy.sh [ENV...]
exec npx perpetual up "$@"
