#!/usr/bin/env bash
# Deletes an environment: scripts/destroy.sh ENV
exec npx perpetual destroy "$@"
