import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CredentialParser } from '../../src/adapters/list/credential-parser.ts';
import { parseCredentialLine } from './support/parse-credential-line.ts';
import { refusalReasons } from '../../src/domain/evidence/refusal.ts';
import { utf8 } from './support/bytes.ts';

/** Reads lines as one list; each as `address password`, or its refusal. */
function read(...lines: readonly string[]): readonly (readonly [string, string] | string)[] {
  const parser = new CredentialParser();
  return lines.map((line) => {
    const parsed = parseCredentialLine(parser, utf8(line));
    return parsed.kind === 'credential' ? ([parsed.address, parsed.password] as const) : parsed.reason;
  });
}

describe('one line of a leaked list', () => {
  it.each([
    ['ann@example.com:secret', 'ann@example.com', 'secret'],
    ['ann@example.com;secret', 'ann@example.com', 'secret'],
    ['ann@example.com|secret', 'ann@example.com', 'secret'],
    ['ann@example.com\tsecret', 'ann@example.com', 'secret'],
    ['ann@example.com,secret', 'ann@example.com', 'secret'],
    ['ann@example.com:se:cr;et|x', 'ann@example.com', 'se:cr;et|x'],
    ['ann@example.com::', 'ann@example.com', ':'],
    ['ann@example.com: secret ', 'ann@example.com', ' secret '],
    [' ann@example.com :secret', 'ann@example.com', 'secret'],
    ["Ann.O'Neil+x@Example.COM:pä55", "Ann.O'Neil+x@Example.COM", 'pä55'],
    ['ann@example.com:bob@example.com', 'ann@example.com', 'bob@example.com'],
    ['ann:ann@example.com:secret', 'ann@example.com', 'secret'],
    ['https://shop.example/login:ann@example.com:se:cret', 'ann@example.com', 'se:cret'],
    ['https://shop.example:8443/login:ann@example.com:secret', 'ann@example.com', 'secret'],
    ['https://root@shop.example/x:ann@example.com:secret', 'ann@example.com', 'secret'],
    ['android://aGFzaA==@com.example.app/:ann@example.com:secret', 'ann@example.com', 'secret'],
    ['shop.example/login|ann@example.com|secret', 'ann@example.com', 'secret'],
    ['"ann@example.com","se,cr""et"', 'ann@example.com', 'se,cr"et'],
    ['"17";"ann@example.com";"secret";"Ann"', 'ann@example.com', 'secret'],
    ['ann@example.com,"secret, with comma"', 'ann@example.com', 'secret, with comma'],
    ['ann@example.com ,"a ""b"" c"', 'ann@example.com', 'a "b" c'],
    ['17,ann@example.com,"se""cret"', 'ann@example.com', 'se"cret'],
    ['ann@example.com,""""', 'ann@example.com', '"'],
    ['ann@example.com,"', 'ann@example.com', '"'],
    ['ann@example.com,"""', 'ann@example.com', '"""'],
    ['ann@example.com,"secret', 'ann@example.com', '"secret'],
    ['ann@example.com,"se"cret"', 'ann@example.com', '"se"cret"'],
    ['ann@example.com, "secret"', 'ann@example.com', ' "secret"'],
    ['ann@example.com:"secret"', 'ann@example.com', '"secret"'],
    ['ann@example.com;"secret"', 'ann@example.com', '"secret"'],
    ['ann@example.com:$ecret', 'ann@example.com', '$ecret'],
    ['ann@example.com:{braces}', 'ann@example.com', '{braces}'],
    ['ann@example.com:0123456789abcdef0123456789abcde', 'ann@example.com', '0123456789abcdef0123456789abcde'],
  ])('%j names its account and its password, exactly as written', (line, address, password) => {
    expect(read('x', line)[1]).toEqual([address, password]);
  });

  it.each([
    ['', 'blank'],
    [' \t ', 'blank'],
    ['ann@example.com', 'no-password'],
    ['ann@example.com:', 'no-password'],
    ['"ann@example.com",""', 'no-password'],
    ['ann@example.com,""', 'no-password'],
    ['"ann@example.com"', 'no-password'],
    ['ann:secret', 'no-address'],
    ['https://ann@example.com:secret', 'no-address'],
    ['secret', 'no-address'],
    ['@example.com:secret', 'no-address'],
    ['ann@:secret', 'no-address'],
    ['ann@exam ple.com:secret', 'no-address'],
    ['"ann@example.com","secret', 'broken-quotes'],
    ['"ann@example.com"x,"secret"', 'broken-quotes'],
    ["(1,'ann@example.com','secret'),", 'sql-dump'],
    ["INSERT INTO users VALUES (1,'ann@example.com:secret')", 'sql-dump'],
    ['ann@example.com:0123456789abcdef0123456789ABCDEF', 'hashed-password'],
    ['ann@example.com:da39a3ee5e6b4b0d3255bfef95601890afd80709', 'hashed-password'],
    [`ann@example.com:${'ab'.repeat(32)}`, 'hashed-password'],
    ['ann@example.com:$2a$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2', 'hashed-password'],
    ['ann@example.com:$argon2id$v=19$m=256,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$BaW4fpaHKjCZWAGD', 'hashed-password'],
    ['ann@example.com:$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0', 'hashed-password'],
    ['ann@example.com:{SSHA}0123456789abcdef', 'hashed-password'],
    ['ann@example.com:*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19', 'hashed-password'],
  ])('%j is refused by its reason', (line, reason) => {
    expect(read('x', line)[1]).toBe(reason);
  });

  it('a header says where the columns are, and a last column keeps its separators', () => {
    expect(
      read(
        'id,Email,name,password',
        '1,ann@example.com,Ann,secret',
        '2,bob@example.com,"Bob, the",se,cr"et',
        '3,"cid@example.com",Cid,"quo""ted"',
        '4,,Dan,secret',
        '5,eve@example.com',
        '6,fay@example.com,Fay,',
      ),
    ).toEqual([
      'header',
      ['ann@example.com', 'secret'],
      ['bob@example.com', 'se,cr"et'],
      ['cid@example.com', 'quo"ted'],
      'no-address',
      'wrong-columns',
      'no-password',
    ]);
    expect(read('password;mail', 's;ecret;ann@example.com')[1]).toBe('no-password');
    expect(read('password;mail', 'secret;ann@example.com')[1]).toEqual(['ann@example.com', 'secret']);
    expect(read('email:password', 'ann@example.com:a:b')).toEqual(['header', ['ann@example.com', 'a:b']]);
  });

  it('a stretch of another form below a header is read all the same', () => {
    expect(
      read(
        'email,name,password',
        'ann@example.com,Ann,secret',
        'bob@example.com:se,cr,et',
        '"cid@example.com";"se;cret"',
        'https://shop.example/login:dan@example.com:secret',
        'eve@example.com;a,"b',
        "(1,'fay@example.com','secret'),",
        'gus:secret',
        'hal@example.com,Hal,secret',
      ),
    ).toEqual([
      'header',
      ['ann@example.com', 'secret'],
      ['bob@example.com', 'se,cr,et'],
      ['cid@example.com', 'se;cret'],
      ['dan@example.com', 'secret'],
      ['eve@example.com', 'a,"b'],
      'sql-dump',
      'no-address',
      ['hal@example.com', 'secret'],
    ]);
  });

  it('a header is known wherever it stands, and ends the columns of the one before', () => {
    expect(
      read(
        'ann@example.com:secret',
        '"id";"password";"email"',
        '1;"se;cret";bob@example.com',
        '\ufeffname,url,username,password,note',
        'Shop,https://shop.example,cid@example.com,"se,cret",mine',
        'email:password',
        'dan@example.com,"se,cret",mine',
      ),
    ).toEqual([
      ['ann@example.com', 'secret'],
      'header',
      ['bob@example.com', 'se;cret'],
      'header',
      ['cid@example.com', 'se,cret'],
      'header',
      ['dan@example.com', '"se,cret",mine'],
    ]);
  });

  it.each(['user:password', 'login;pass', 'username,plain'])('%j is a pair, and ends no columns', (pair) => {
    expect(read('id,email,name,password', pair, '1,ann@example.com,Ann,secret')).toEqual([
      'header',
      'no-address',
      ['ann@example.com', 'secret'],
    ]);
  });

  it('no line is fatal, and a refusal never holds any part of a password', () => {
    const piece = fc.constantFrom(
      ':',
      ';',
      '|',
      ',',
      '\t',
      '"',
      '""',
      '@',
      '(',
      '$2a$',
      'CANARY',
      'a@b.c',
      'ü',
      ' ',
      '//',
    );
    const line = fc.array(fc.oneof(piece, fc.string({ maxLength: 6 })), { maxLength: 12 }).map((all) => all.join(''));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), (lines) => {
        const parser = new CredentialParser();
        for (const text of lines) {
          const parsed = parseCredentialLine(parser, utf8(text));
          if (parsed.kind === 'refused') {
            expect(Object.keys(parsed)).toEqual(['kind', 'reason']);
            expect(refusalReasons).toContain(parsed.reason);
          } else {
            expect(parsed.password).not.toBe('');
            expect(parsed.address).toContain('@');
          }
        }
      }),
      { seed: 20140303, numRuns: 2_000 },
    );
  });

  it('bytes that are no text are never fatal either', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        parseCredentialLine(new CredentialParser(), bytes);
      }),
      { seed: 20140303, numRuns: 2_000 },
    );
  });

  it('every pair written in the plain form is read back', () => {
    const address = fc
      .tuple(fc.stringMatching(/^[a-z0-9._+-]{1,12}$/), fc.stringMatching(/^[a-z0-9.-]{1,12}$/))
      .map((both) => both.join('@'));
    const password = fc
      .string({ minLength: 1, maxLength: 20, unit: 'binary' })
      .filter((text) => !/[\r\n\0]/.test(text) && text.isWellFormed());
    fc.assert(
      fc.property(address, fc.constantFrom(':', ';', '|', '\t'), password, (who, separator, secret) => {
        expect(read('x', `${who}${separator}${secret}`)[1]).toEqual([who, secret]);
      }),
      { seed: 20140303, numRuns: 1_000 },
    );
  });
});
