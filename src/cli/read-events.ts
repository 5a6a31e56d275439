/** One server-sent event; `id` is what a reader that comes back names as the last it got. */
export interface ServerEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

/** A server says something every 15 s: whoever hears nothing for so long listens to a dead connection. */
const silentMs = 50_000;
/** An event is an entry or a status; a longer one is not ours. */
const maxEventLength = 4 * 1_024 * 1_024;

/** Bytes of `text/event-stream` (WHATWG HTML section 9.2.6) as events with JSON in them. Throws when it is cut or silent. */
export async function* readEvents(bytes: ReadableStream<Uint8Array>): AsyncIterable<ServerEvent> {
  const reader = bytes.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await within(silentMs, reader.read());
      if (done) return;
      const blocks = (rest + decoder.decode(value, { stream: true })).replaceAll('\r\n', '\n').split('\n\n');
      rest = blocks.pop() ?? '';
      if (rest.length > maxEventLength) throw new Error('an event of the server does not end');
      for (const block of blocks) {
        const event = eventOf(block);
        if (event !== null) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Null for a comment, and for what only says how soon to come back. */
function eventOf(block: string): ServerEvent | null {
  const fields: Record<string, string> = {};
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (name !== '') fields[name] = fields[name] === undefined ? value : `${fields[name]}\n${value}`;
  }
  const { id = '', event = 'message', data } = fields;
  return data === undefined ? null : { id, event, data: JSON.parse(data) as unknown };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the server is silent')), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
