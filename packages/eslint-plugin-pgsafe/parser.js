"use strict"

// eslintrc names parsers by the path of a module.
module.exports = require("pgsafe/eslint").parsers.sql
