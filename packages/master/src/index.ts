/** @packageDocumentation The master daemon. `@mesolite/master/core` has its core alone. */
export { startMaster } from './main.ts';
