"use strict"

// The plugin is part of pgsafe; eslintrc finds plugins by this package's name alone.
module.exports = require("pgsafe/eslint")
