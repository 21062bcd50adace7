#!/usr/bin/env bash
# What deploying would do: scripts/preview.sh [ENV...]
exec npx perpetual preview "$@"
