/** The first bytes of an answer; what comes after is not waited for. */
export async function firstBytes(response: Response, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (response.body !== null)
    for await (const chunk of response.body) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size >= limit) break;
    }
  return Buffer.concat(chunks).subarray(0, limit);
}
