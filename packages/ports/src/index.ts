/** @packageDocumentation Interfaces to the outside world: time, chance, network, disk. No implementation lives here. */
export * from './clock.ts';
export * from './detector.ts';
export * from './disk.ts';
export * from './links.ts';
export * from './log.ts';
export * from './metrics.ts';
export * from './random.ts';
export * from './spawner.ts';
