/** What to tell a person when a daemon did not do what it was asked. */
import type { ApiError } from '@mesolite/sdk';

/** What helps when nobody answers. */
export const UNREACHABLE_HINT =
  'Is a master running there? Start one with: mesolite local; or say where it is: --master=HOST:PORT';

export function describeApiError(error: ApiError): string {
  if (error.kind === 'unreachable') return `${error.message}\n${UNREACHABLE_HINT}`;
  if (error.status === 401) return `${error.message}\nThe daemon asks who you are: give --principal and --secret`;
  return error.message;
}
