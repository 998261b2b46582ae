export { SLACK_RECEIVER } from './alert-problems.ts';
export type { AlertsConfig } from './alerting.ts';
export {
  type CliEnvironment,
  cliEnvironment,
  type RegistryCredentials,
  type S3Credentials,
  type ServiceEnvironment,
  serviceEnvironment,
} from './environment.ts';
export type { FetchSource } from './fetch.ts';
export { type Config, loadConfig } from './load.ts';
export type { RegisteredPipeline } from './pipelines.ts';
export type { PublishPlace, S3Bucket } from './publish.ts';
export type { ReceiverConfig } from './receiver.ts';
export { ConfigFile } from './schema.ts';
export { configuredSecrets } from './secrets.ts';
export type { SlackConfig, SlackTransport } from './slack.ts';
