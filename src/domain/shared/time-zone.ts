/** UTC+14 (Line Islands) and UTC-12 are the ends of the earth; minutes east of UTC. */
const offsetMinutes = { least: -12 * 60, most: 14 * 60 };
/** More than there are zones: a hostile column of names must not fill the memory. */
const formattersKept = 1_000;

const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * A time zone as a directory writes it, in one form: an IANA name (`Europe/Berlin`), or a fixed offset (`+05:30`, east
 * of UTC). Null for what is neither: an unknown name is no zone, never a guess. The zone data are those of the runtime.
 */
export function readTimeZone(text: string): string | null {
  const offset = /^([+-])([0-9]{2}):([0-9]{2})$/.exec(text);
  if (offset !== null) {
    const minutes = (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3]));
    const isOnEarth = minutes >= offsetMinutes.least && minutes <= offsetMinutes.most && Number(offset[3]) < 60;
    return isOnEarth ? text : null;
  }
  // Everything that the runtime takes beside a name of letters is an offset in another spelling.
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(text)) return null;
  try {
    return formatterOf(text).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

/** The hour of the day (0 to 23) that a clock on the wall shows there. `zone` is one that `readTimeZone` gave. */
export function localHour(zone: string, at: Date): number {
  return Number(formatterOf(zone).format(at));
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' });
  if (formatters.size >= formattersKept) formatters.clear();
  formatters.set(zone, made);
  return made;
}
