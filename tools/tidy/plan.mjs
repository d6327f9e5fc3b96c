/**
 * The plan of the house as data: which package may import which, and where code must be pure. docs/architecture.md says
 * the same in words; change both together.
 */

/** Packages each package may import, by name. A package that is not here may import nothing and is reported. */
export const MAY_IMPORT = {
  base: [],
  ports: ['base'],
  wire: ['base'],
  resources: ['base', 'wire'],
  daemon: ['base', 'ports', 'wire'],
  libprocess: ['base', 'ports', 'wire', 'daemon'],
  coordination: ['base', 'ports', 'wire', 'daemon'],
  allocator: ['base', 'wire', 'resources'],
  containers: ['base', 'ports', 'wire', 'resources', 'daemon'],
  sdk: ['base', 'ports', 'wire'],
  executors: ['base', 'ports', 'wire', 'containers'],
  scheduling: ['base', 'wire', 'resources', 'sdk'],
  master: [
    'base',
    'ports',
    'wire',
    'resources',
    'daemon',
    'libprocess',
    'coordination',
    'allocator',
    'containers',
    'sdk',
  ],
  agent: [
    'base',
    'ports',
    'wire',
    'resources',
    'daemon',
    'libprocess',
    'coordination',
    'allocator',
    'containers',
    'sdk',
    'executors',
  ],
  cli: [
    'base',
    'ports',
    'wire',
    'resources',
    'daemon',
    'libprocess',
    'coordination',
    'allocator',
    'containers',
    'sdk',
    'executors',
    'scheduling',
    'master',
    'agent',
  ],
  sim: [
    'base',
    'ports',
    'wire',
    'resources',
    'daemon',
    'libprocess',
    'coordination',
    'allocator',
    'containers',
    'sdk',
    'executors',
    'scheduling',
    'master',
    'agent',
  ],
};

/** What programs for people to learn from may import: what their readers could. */
export const EXAMPLES_MAY_IMPORT = ['sdk', 'wire', 'base', 'cli'];

/** Sources that must be synchronous and deterministic. */
export const PURE_SOURCES = [
  /^packages\/[^/]+\/src\/core\//,
  /^packages\/(base|wire|resources|allocator|executors|scheduling|sim)\/src\//,
];

/** Deterministic parts of Node that single files may use all the same: a digest of the event log is the same everywhere. */
export const PURE_EXCEPTIONS = new Map([['packages/sim/src/world.ts', 'node:crypto']]);

/**
 * Tiers inside a core, from below. A file may use the values of its own tier and of those below it; of another
 * capability never. Types may be named across.
 */
export const CORE_TIERS = ['state', 'transitions', 'capabilities'];

/** The only package whose code may use the original's old word for an agent. */
export const OWNER_OF_OLD_NAMES = 'wire';

/** Longest source file, in lines. */
export const LONGEST_FILE = 500;
