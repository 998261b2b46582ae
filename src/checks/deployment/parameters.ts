import { z } from 'zod';

/** The parameter `endpoint`, which the checks of a deployment share. */
export const ENDPOINT = z
  .strictObject({
    host: z
      .string()
      .regex(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/, 'expected a host name in lower case, without port')
      .describe('host name by which clients ask the model'),
    path: z
      .string()
      .regex(/^\/[^\s?#]{0,500}$/, 'expected a path that begins with /')
      .describe('path of the predict endpoint'),
  })
  .optional()
  .describe('where the model is asked; found by the Services of the model where it is not given');
