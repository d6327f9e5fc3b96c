// Generated from the .proto file of the same name by tools/codegen/generate.mjs. Do not edit.
import { type MessageType, message } from '../codec/schema.ts';
import { Parameter } from './mesos.ts';

export interface Modules {
  libraries?: ModulesLibrary[] | undefined;
}
export const Modules: MessageType<Modules> = message('mesos.Modules', [
  [1, 'libraries', '*', () => ModulesLibrary],
]);

export interface ModulesLibrary {
  file?: string | undefined;
  name?: string | undefined;
  modules?: ModulesLibraryModule[] | undefined;
}
export const ModulesLibrary: MessageType<ModulesLibrary> = message('mesos.Modules.Library', [
  [1, 'file', '?', 'string'],
  [2, 'name', '?', 'string'],
  [3, 'modules', '*', () => ModulesLibraryModule],
]);

export interface ModulesLibraryModule {
  name?: string | undefined;
  parameters?: Parameter[] | undefined;
}
export const ModulesLibraryModule: MessageType<ModulesLibraryModule> = message('mesos.Modules.Library.Module', [
  [1, 'name', '?', 'string'],
  [2, 'parameters', '*', () => Parameter],
]);
