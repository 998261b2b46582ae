import { z } from 'zod';

/** Address of the CI run that submitted a model version: of the web, encrypted, without credentials in it. */
export const CiUrl = z
  .url({ protocol: /^https$/, error: 'expected an address that begins with https://' })
  .max(1000)
  .refine((address) => isWithoutCredentials(address), 'expected an address without user name and password');
export type CiUrl = z.infer<typeof CiUrl>;

function isWithoutCredentials(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.username === '' && url.password === '';
}
