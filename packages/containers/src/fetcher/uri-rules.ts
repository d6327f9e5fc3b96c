/** What a URI of a command may be and where its file goes. Pure; the texts are the original's, since people search for them. */
import { posix } from 'node:path';
import { err, ok, type Result } from '@mesolite/base';
import type { CommandInfo, CommandInfoURI } from '@mesolite/wire';

export type Source = { readonly kind: 'file'; readonly path: string } | { readonly kind: 'http'; readonly url: URL };

/** The reason why one of the URIs cannot be fetched, whatever the world looks like. */
export function uriError(command: CommandInfo): string | undefined {
  for (const uri of command.uris ?? []) {
    const name = baseName(uri.value);
    if (!name.ok) return name.error;
    const output = uri.output_file === undefined ? undefined : outputFileError(uri.output_file);
    if (output !== undefined) return output;
  }
  return undefined;
}

/** The last component, a query included, as the original has it. */
export function baseName(value: string): Result<string> {
  if (/[\\'\0\r\n]/.test(value)) return err('Illegal characters in URI');
  const uri = value.trimStart();
  if (uri === '') return err('URI is empty');
  const scheme = uri.indexOf('://');
  let name: string;
  if (scheme > 1) {
    const path = uri.slice(scheme + 3);
    const slash = path.indexOf('/');
    if (slash < 0 || path.length <= slash + 1) return err(`Malformed URI (missing path): ${uri}`);
    name = path.slice(path.lastIndexOf('/') + 1);
    if (name === '') return err(`Malformed URI (missing file name): ${uri}`);
  } else name = posix.basename(uri);
  if (name === '.' || name === '..' || name === '') return err(`Malformed URI (missing file name): ${uri}`);
  return ok(name);
}

function outputFileError(path: string): string | undefined {
  if (path === '') return 'URI output file path is empty';
  const outside = path.startsWith('/') || path.split('/').includes('..');
  if (outside) return 'URI output file must be within the sandbox directory';
  if (/[\0\r\n]/.test(path)) return 'Illegal characters in URI output file';
  if (path.endsWith('/') || posix.basename(path) === '.') return 'URI output file must name a file';
  return undefined;
}

/** Where the file goes, relative to the sandbox. */
export function outputName(uri: CommandInfoURI): Result<string> {
  return uri.output_file === undefined ? baseName(uri.value) : ok(posix.normalize(uri.output_file));
}

export function sourceOf(value: string, frameworksHome: string | undefined): Result<Source> {
  const uri = value.trimStart();
  if (/^https?:\/\//.test(uri)) {
    try {
      return ok({ kind: 'http', url: new URL(uri) });
    } catch {
      return err(`Error downloading resource: URL using bad/illegal format or missing URL`);
    }
  }
  const isFile = uri.startsWith('file://');
  if (!isFile && uri.includes('://')) {
    const scheme = uri.slice(0, uri.indexOf('://'));
    return err(`Scheme '${scheme}' is not supported: only paths, file, http and https are`);
  }
  const path = (isFile ? uri.slice('file://'.length) : uri).replace(/^localhost(?=\/)/, '');
  if (path.startsWith('/')) return ok({ kind: 'file', path });
  if (isFile) return err('File URI only supports absolute paths');
  if (frameworksHome === undefined || frameworksHome === '')
    return err(
      'A relative path was passed for the resource but the Mesos framework home was not specified. ' +
        'Please either provide this config option or avoid using a relative path',
    );
  return ok({ kind: 'file', path: posix.join(frameworksHome, path) });
}

export type ArchiveKind = 'tar' | 'zip' | 'gzip';

const TARS = ['.tar', '.tgz', '.tar.gz', '.tbz2', '.tar.bz2', '.txz', '.tar.xz'];

/** By the name alone. */
export function archiveKind(name: string): ArchiveKind | undefined {
  if (TARS.some((ending) => name.endsWith(ending))) return 'tar';
  if (name.endsWith('.zip')) return 'zip';
  return name.endsWith('.gz') ? 'gzip' : undefined;
}
