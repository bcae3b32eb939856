#!/bin/sh
# Takes the place of Electron's binary for electron-vite dev (scripts/dev.mjs puts the product's Node first on the PATH).
exec node --import "$(dirname "$0")/register.ts" "$@"
