#!/usr/bin/env node
/** The `mesolite` command: everything is in the built package. */
import { run } from '../dist/index.js';

process.exitCode = await run(process.argv.slice(2));
