// Loaded with --import into child processes that know nothing of a parent: when the parent is gone, however it went, so are they.
import process from 'node:process';

/** As long as a process may take to end on its own. */
const graceMs = 8_000;

if (process.channel !== undefined && process.channel !== null) {
  process.on('disconnect', () => {
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs).unref();
    process.kill(process.pid, 'SIGTERM');
  });
  // Listening must not keep the process alive.
  process.channel.unref();
}
