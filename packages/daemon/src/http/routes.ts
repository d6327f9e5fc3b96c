/** The routing table: exact paths, and prefixes at component boundaries of which the longest wins. */
import { assert } from '@mesolite/base';
import type { HttpHandler } from './server.ts';

export interface Route {
  readonly path: string;
  readonly handler: HttpHandler;
  readonly methods: readonly string[] | undefined;
  readonly prefix: boolean;
}

export class Routes {
  readonly #byPath = new Map<string, Route>();

  add(route: Route): void {
    assert(
      /^\/([^/]+(\/[^/]+)*)?$/.test(route.path),
      `route path ${route.path} must start with / and have no empty component`,
    );
    assert(!this.#byPath.has(route.path), `route ${route.path} is already taken`);
    this.#byPath.set(route.path, route);
  }

  find(path: string): Route | undefined {
    const exact = this.#byPath.get(path);
    if (exact !== undefined) return exact;
    for (let end = path.lastIndexOf('/'); end >= 0; end = path.lastIndexOf('/', end - 1)) {
      const route = this.#byPath.get(end === 0 ? '/' : path.slice(0, end));
      if (route?.prefix) return route;
      if (end === 0) break;
    }
    return undefined;
  }

  paths(): string[] {
    return [...this.#byPath.keys()].sort();
  }
}
