/** @packageDocumentation The ground floor: words every other room uses. Imports nothing. */
export * from './assert.ts';
export * from './bounded-map.ts';
export * from './bounded-queue.ts';
export * from './byte-size.ts';
export * from './duration.ts';
export * from './fixed-point.ts';
export * from './heap.ts';
export * from './ids.ts';
export * from './pattern-size.ts';
export * from './random-stream.ts';
export * from './result.ts';
export * from './ring-buffer.ts';
export * from './utc-text.ts';
export * from './uuid.ts';
