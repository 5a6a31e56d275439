import { expect, test } from 'vitest';

import { parseSmtpUrl } from '../../src/adapters/mail/smtp/smtp-server.ts';

test.each([
  ['smtp://mail.example.test', { host: 'mail.example.test', port: 587, tls: 'starttls', login: null }],
  ['smtps://mail.example.test', { host: 'mail.example.test', port: 465, tls: 'implicit', login: null }],
  ['smtp://127.0.0.1:1025', { host: '127.0.0.1', port: 1025, tls: 'none-on-loopback', login: null }],
  ['smtp://[::1]:1025', { host: '::1', port: 1025, tls: 'none-on-loopback', login: null }],
  ['smtp://localhost:25?requireTls=true', { host: 'localhost', port: 25, tls: 'starttls', login: null }],
  ['smtp://10.0.0.9:25?requireTls=false', { host: '10.0.0.9', port: 25, tls: 'none', login: null }],
  [
    'smtp://a%40b:p%3Aq@mail.example.test',
    { host: 'mail.example.test', port: 587, tls: 'starttls', login: { user: 'a@b', password: 'p:q' } },
  ],
  [
    'smtps://a%40b@mail.example.test?tokenFile=/run/mail%20token',
    { host: 'mail.example.test', port: 465, tls: 'implicit', login: { user: 'a@b', tokenFile: '/run/mail token' } },
  ],
])('%s means what it says', (url, expected) => {
  expect(parseSmtpUrl(url)).toEqual(expected);
});

test.each([
  'mail.example.test',
  'http://mail.example.test',
  'smtp://',
  'smtp://user@mail.example.test',
  'smtp://user:s3cret@10.0.0.9?requireTls=false',
  'smtp://mail.example.test?requireTLS=false',
  'smtp://mail.example.test?requireTls=0',
  'smtps://mail.example.test?requireTls=false',
  'smtp://user:s3cret@mail.example.test/path',
  'smtp://user:s3cret%zz@mail.example.test',
  'smtp://u%00ser:s3cret@mail.example.test',
  'smtps://user:s3cret@mail.example.test?tokenFile=/run/token',
  'smtps://mail.example.test?tokenFile=/run/token',
  'smtps://user@mail.example.test?tokenFile=s3cret',
  'smtps://us%01er@mail.example.test?tokenFile=/run/token',
  'smtp://user@127.0.0.1:25?tokenFile=/run/token',
  'smtp://user@mail.example.test?tokenFile=/run/token&requireTls=false',
])('%s is refused, and the refusal does not repeat it', (url) => {
  expect(() => parseSmtpUrl(url)).toThrow(/^SMTP_URL cannot be used: /);
  expect(() => parseSmtpUrl(url)).not.toThrow(/s3cret|example/);
});
