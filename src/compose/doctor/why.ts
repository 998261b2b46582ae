/** What an error says; its other fields may hold requests, and are not for output. */
export function why(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
