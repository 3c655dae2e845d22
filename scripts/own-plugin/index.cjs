"use strict"

// From the source, so that a fresh clone is linted without a build.
const { require: load } = require("tsx/cjs/api")

const { createPlugin } = load("../../src/eslint/plugin.ts", __filename)

module.exports = createPlugin(() => load("../../src/eslint/engine.ts", __filename).engine)
