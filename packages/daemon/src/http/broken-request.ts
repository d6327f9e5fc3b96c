/**
 * What happens on a connection whose bytes are no HTTP request: an answer when none is under way, then the end. A connection
 * that has never sent anything is left alone: libprocess peers open one just to notice when we go away.
 */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

interface ClientError extends Error {
  readonly code?: string;
  /** What the parser of node says about the place. */
  readonly reason?: string;
}

/** `last` is the newest response on this connection. */
export function refuseConnection(error: ClientError, socket: Socket, last: ServerResponse | undefined): void {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesRead === 0) return;
  // In the middle of another answer our text would end up inside it.
  const answering = last !== undefined && !last.writableFinished;
  if (!socket.writable || answering || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { status, text } = refusal(error);
  const head = `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${text.length}\r\n`;
  socket.end(`${head}Connection: close\r\n\r\n${text}`, () => socket.destroy());
}

function refusal(error: ClientError): { status: string; text: string } {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return { status: '431 Request Header Fields Too Large', text: 'The header of the request is too large.' };
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return { status: '413 Payload Too Large', text: 'The chunk extensions of the request are too large.' };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: '408 Request Timeout', text: 'The header of the request took too long.' };
    default: {
      const reason = (error.reason ?? error.message).replace(/[^\x20-\x7e]/g, '?');
      return { status: '400 Bad Request', text: `Failed to decode the request: ${reason}.` };
    }
  }
}
