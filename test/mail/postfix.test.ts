import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { makeSelfSigned } from '../support/self-signed.ts';
import { describeIfPostfix, startPostfix } from '../support/postfix.ts';
import type { TestPostfix } from '../support/postfix.ts';
import { startSaslServer } from '../support/sasl-server.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { openSmtpSink } from '../support/smtp-sink.ts';
import type { SmtpSink } from '../support/smtp-sink.ts';
import type { HolderAddress, HolderTransport, SendOutcome } from '../../src/app/ports/holder-transport.ts';
import { makeHolderTransport } from '../../src/adapters/mail/holder-transport.ts';
import { inspectMailer } from '../../src/adapters/mail/inspect-mailer.ts';
import { allowed, aMessage, patientLimits } from './fixture.ts';

describeIfPostfix(() => {
  const good = makeSelfSigned({ name: 'localhost', notBefore: days(-1), notAfter: days(1) });
  const expired = makeSelfSigned({ name: 'localhost', notBefore: days(-9), notAfter: days(-1) });
  let world: SmtpSink;
  let postfix: TestPostfix;

  beforeAll(async () => {
    world = await openSmtpSink();
    postfix = await startPostfix({ relayPort: world.port, tls: good, settings: { message_size_limit: '100000' } });
    return async () => {
      await postfix.stop();
      await world.close();
    };
  }, 60_000);

  async function withTransport<T>(
    use: (transport: HolderTransport) => Promise<T>,
    ca = good.cert,
    url = (port: number): string => `smtp://localhost:${port}?requireTls=true`,
    port = postfix.port,
  ): Promise<T> {
    const transport = makeHolderTransport({
      smtpUrl: url(port),
      environment: 'test',
      connections: 1,
      clientName: 'client.test',
      certificateAuthority: ca,
      limits: patientLimits,
    });
    try {
      return await use(transport);
    } finally {
      await transport.close();
    }
  }

  test('a real Postfix takes our mails over STARTTLS, many on one connection, byte for byte', async () => {
    const before = world.taken.length;
    const outcomes = await withTransport(async (transport) => {
      const done = [];
      for (let one = 0; one < 12; one += 1)
        done.push(
          await transport.send(aMessage({ envelopeTo: `holder${one}@example.test` as HolderAddress }), allowed),
        );
      return done;
    });
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array.from({ length: 12 }, () => 'accepted'));
    expect(outcomes[0]).toMatchObject({ code: 250, enhanced: '2.0.0' });
    await expect.poll(() => world.taken.length, { timeout: 20_000 }).toBe(before + 12);
    const [mail] = world.taken.slice(before);
    expect(mail?.raw.toString('latin1')).toContain('\r\n\r\n.a line that begins with a dot\r\nthe end\r\n');
    expect(mail?.from).toBe('bounces+1.x@allclear.test');
    // It is written by a process of its own, after the connection ended.
    await expect.poll(() => postfix.log().match(/starttls=1/g)?.length, { timeout: 20_000 }).toBe(1);
  });

  test('ENVID, NOTIFY and ORCPT go through it to the next server, as we gave them', async () => {
    const from = world.commands.length;
    await withTransport((transport) => transport.send(aMessage(), allowed));
    await expect.poll(() => world.commands.slice(from).join('\n'), { timeout: 20_000 }).toContain('RCPT TO');
    const said = world.commands.slice(from).join('\n');
    expect(said).toMatch(/MAIL FROM:<bounces\+1\.x@allclear\.test> .*ENVID=bounces\+2B1\.x RET=HDRS/);
    expect(said).toMatch(/RCPT TO:<holder@example\.test> ORCPT=rfc822;holder@example\.test NOTIFY=FAILURE,DELAY/);
  });

  test('an address beyond ASCII is carried as it is', async () => {
    const envelopeTo = 'björn@exämple.test' as HolderAddress;
    const outcome = await withTransport((transport) => transport.send(aMessage({ envelopeTo }), allowed));
    expect(outcome.kind).toBe('accepted');
    await expect.poll(() => world.taken.some(({ to }) => to.includes(envelopeTo)), { timeout: 20_000 }).toBe(true);
  });

  test('a mail above its SIZE is refused before a byte of it is sent, and one of 8-bit text is taken', async () => {
    const large = Buffer.from(`Subject: large\r\n\r\n${'0123456789\r\n'.repeat(9_000)}`);
    const eightBit = Buffer.from('Subject: hello\r\nMIME-Version: 1.0\r\n\r\nGr\u00fc\u00dfe\r\n', 'utf8');
    const [tooLarge, taken] = await withTransport(async (transport) => [
      await transport.send(aMessage({ content: large }), allowed),
      await transport.send(aMessage({ content: eightBit }), allowed),
    ]);
    expect(tooLarge).toMatchObject({ kind: 'refused', code: 552 });
    expect(taken?.kind).toBe('accepted');
  });

  test('doctor reads what it offers', async () => {
    const facts = await inspectMailer(`smtp://127.0.0.1:${postfix.port}`);
    expect(facts).toMatchObject({
      kind: 'open',
      capabilities: {
        pipelining: true,
        eightBitMime: true,
        smtpUtf8: true,
        dsn: true,
        enhancedStatusCodes: true,
        sizeMaxBytes: 100_000,
        startTls: true,
      },
    });
  });

  test('signs in to it by password and by token, after STARTTLS; a no is a clear hold', async () => {
    const sasl = await startSaslServer((mechanism, said) =>
      mechanism === 'PLAIN'
        ? said === '\0relay\0let me in'
        : said === 'user=relay\u0001auth=Bearer a.token\u0001\u0001',
    );
    const guarded = await startPostfix({
      relayPort: world.port,
      tls: good,
      settings: {
        smtpd_sasl_auth_enable: 'yes',
        smtpd_sasl_type: 'dovecot',
        smtpd_sasl_path: `inet:127.0.0.1:${sasl.port}`,
        smtpd_tls_auth_only: 'yes',
        smtpd_relay_restrictions: 'permit_sasl_authenticated, reject',
      },
    });
    const tokenFile = join(makeTempFolder('token'), 'token');
    writeFileSync(tokenFile, 'a.token\n');
    const sendAs = (login: string, query = ''): Promise<SendOutcome> =>
      withTransport(
        (transport) => transport.send(aMessage(), allowed),
        good.cert,
        (port) => `smtp://${login}localhost:${port}?requireTls=true${query}`,
        guarded.port,
      );
    try {
      expect((await sendAs('relay:let%20me%20in@')).kind).toBe('accepted');
      expect((await sendAs('relay@', `&tokenFile=${tokenFile}`)).kind).toBe('accepted');
      expect(sasl.tries.map(({ mechanism }) => mechanism)).toEqual(['PLAIN', 'XOAUTH2']);
      const wrong = { kind: 'released', cause: 'login', why: 'AUTH was answered 535' };
      expect(await sendAs('relay:wrong@')).toMatchObject(wrong);
      writeFileSync(tokenFile, 'an.old.one');
      expect(await sendAs('relay@', `&tokenFile=${tokenFile}`)).toMatchObject(wrong);
      // Nobody signed in: it refuses this client, and says so of the recipient.
      expect((await sendAs('')).kind).toBe('refused');
    } finally {
      await guarded.stop();
      await sasl.close();
    }
  }, 60_000);

  test('a Postfix whose certificate has expired is a clear hold, and nothing goes in the clear', async () => {
    await postfix.restart({ tls: expired });
    const before = world.taken.length;
    const outcome = await withTransport((transport) => transport.send(aMessage(), allowed), expired.cert);
    expect(outcome).toMatchObject({ kind: 'released', cause: 'untrusted', why: 'TLS failed: CERT_HAS_EXPIRED' });
    expect(postfix.log().split('daemon started').at(-1)).not.toContain('client=');
    expect(world.taken.length).toBe(before);
    await postfix.restart({ tls: good });
    expect((await withTransport((transport) => transport.send(aMessage(), allowed))).kind).toBe('accepted');
  });
});

function days(count: number): Date {
  return new Date(Date.now() + count * 86_400_000);
}
