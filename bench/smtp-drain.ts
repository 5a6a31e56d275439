/** A process of its own that takes every mail and forgets it, so that its CPU seconds are not ours. Prints its port. */
import { createServer, type AddressInfo } from 'node:net';

const server = createServer({ noDelay: true }, (socket) => {
  let input = '';
  let inData = false;
  socket.on('error', () => socket.destroy());
  socket.write('220 drain.test ESMTP\r\n');
  socket.on('data', (chunk) => {
    input += chunk.toString('latin1');
    let said = '';
    for (;;) {
      const end = input.indexOf(inData ? '\r\n.\r\n' : '\r\n');
      if (end === -1) break;
      const verb = inData ? '.' : input.slice(0, 4).toUpperCase();
      input = input.slice(end + (inData ? 5 : 2));
      inData = verb === 'DATA';
      said += answerTo(verb);
      if (verb === 'QUIT') socket.end();
    }
    if (said !== '' && socket.writable) socket.write(said);
  });
});

function answerTo(verb: string): string {
  switch (verb) {
    case 'EHLO':
      return '250-drain.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE 10485760\r\n';
    case 'DATA':
      return '354 Go ahead\r\n';
    case 'QUIT':
      return '221 2.0.0 Bye\r\n';
    default:
      return '250 2.0.0 Ok\r\n';
  }
}

server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.resume().once('end', () => process.exit(0));
