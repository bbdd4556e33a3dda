import { z } from 'zod';
import { hostPatternSchema } from '../../../contracts/secrets.ts';

const hosts = z.array(hostPatternSchema).max(200).default([]);

/** What an admin sets for `http_request`. A host without a port means every port of it; `deny_hosts` also counts for the addresses a name has. */
export const httpRequestSettingsSchema = z.strictObject({
  allow_private_hosts: hosts.describe('Hosts that may be asked although they are not on the public internet.'),
  only_hosts: hosts.describe('When not empty, no other host may be asked.'),
  deny_hosts: hosts.describe('Hosts that may never be asked, whatever else is set.'),
});
export type HttpRequestSettings = z.infer<typeof httpRequestSettingsSchema>;
