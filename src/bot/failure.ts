/** What an error says; its other fields may hold requests, and are not for the log. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
