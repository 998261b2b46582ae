/** Makes a value on first use and keeps it; a failure is not kept: whoever asks next has it tried again. */
export function remember<T>(make: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | undefined;
  return () => {
    kept ??= make().catch((error: unknown) => {
      kept = undefined;
      throw error;
    });
    return kept;
  };
}
