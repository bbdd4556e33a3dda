// What Maestro is connected to and how each connection is: checked for real, shown without credentials.
export { createIntegrations, type IntegrationDeps } from './create-integrations.ts';
