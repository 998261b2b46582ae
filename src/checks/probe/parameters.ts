import { z } from 'zod';

const Target = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?:[1-9]\d{0,4}$/, 'expected host:port in lower case')
  .refine((text) => Number(text.slice(text.lastIndexOf(':') + 1)) <= 65_535, 'the port is above 65535');

/** The parameter `probe`: which hosts may be connected to, and what they must show. Without hosts nothing is connected to. */
export const PROBE = z
  .strictObject({
    hosts: z.array(Target).max(8).default([]).describe('hosts to connect to, as host:port; no others are'),
    allow_addresses: z
      .array(z.union([z.ipv4(), z.ipv6()]))
      .max(16)
      .default([])
      .describe('loopback or link-local addresses that may be connected to all the same'),
    ca: z
      .string()
      .max(256 * 1024)
      .regex(/^\s*-----BEGIN CERTIFICATE-----/, 'expected certificates in PEM')
      .optional()
      .describe('certificates in PEM of authorities to trust beside the public ones'),
    timeout_seconds: z.number().min(0.1).max(30).default(10).describe('longest that one connection may take'),
    min_days_left: z
      .int()
      .min(0)
      .max(365)
      .default(14)
      .describe('days for which the certificate must still be valid'),
    http_port: z
      .int()
      .min(1)
      .max(65_535)
      .default(80)
      .describe('port that must answer nothing, or a redirect to https'),
  })
  .prefault({})
  .describe('live test of TLS; makes the check open connections when hosts are listed');
export type Probe = z.output<typeof PROBE>;
