/** Whether a port can be listened on, asked before anything is started so that the answer can be a sentence. */
import { createServer } from 'node:net';
import { err, ok, type Result } from '@mesolite/base';

/** Ok when `port` of `ip` is free, or 0; the error is the system's code, such as `EADDRINUSE`. */
export function probePort(ip: string, port: number): Promise<Result<void>> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(err(error.code ?? error.message)));
    server.listen(port, ip, () => server.close(() => resolve(ok(undefined))));
  });
}
