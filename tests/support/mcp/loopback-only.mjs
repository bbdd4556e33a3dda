// Loaded with --import into a server that would listen on every interface: it listens on 127.0.0.1 alone, and says on which port.
import net from 'node:net';

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function listenOnLoopback(port, ...rest) {
  this.once('listening', () => process.stderr.write(`\nport=${this.address().port}\n`));
  return listen.call(this, Number(port), '127.0.0.1', ...rest.filter((argument) => typeof argument === 'function'));
};
