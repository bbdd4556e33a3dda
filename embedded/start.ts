// `npm start`: the whole product on this machine, until Ctrl-C.
import process from 'node:process';
import { runUntilStopped } from './run-until-stopped.ts';
import { startMaestro } from './maestro.ts';

await runUntilStopped(async (signal) => {
  const maestro = await startMaestro({ log: (line) => console.log(`· ${line}`), signal });
  const { adminPassword, dataDir } = maestro;
  // In one piece: scripts wait for it.
  console.log(`
Maestro is ready.

  Web app      ${maestro.url}
  Sign in      ${maestro.signInLink}
               (works once, within an hour)
  or as        ${maestro.adminEmail}
  password     ${adminPassword === undefined ? 'the one you chose' : `${adminPassword}   (generated; kept in ${dataDir.at('secrets.json')})`}
${maestro.temporalUiUrl === undefined ? '' : `  Temporal UI  ${maestro.temporalUiUrl}\n`}  Logs         ${dataDir.path}/logs

Ctrl-C stops everything; the data stays for the next start.
`);
  return maestro;
});
process.exit(0);
