/** Options of a tool of this repository. `--help` prints what there is; an option that is unknown ends with that and code 2. */
import { parseArgs } from 'node:util';

/**
 * @param {string} usage
 * @param {import('node:util').ParseArgsConfig} config
 */
export function toolOptions(usage, config) {
  try {
    const { values } = parseArgs({ ...config, options: { ...config.options, help: { type: 'boolean', short: 'h' } } });
    if (!values.help) return values;
    console.log(usage);
    process.exit(0);
  } catch (error) {
    console.error(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
}
