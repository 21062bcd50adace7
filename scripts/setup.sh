#!/usr/bin/env bash
# Prints what lets GitHub deploy; with --apply it is run: scripts/setup.sh [--apply]
exec npx perpetual setup azure "$@"
