/**
 * Where people of these domains sign in to read their mail, beside the domain itself: one account opens everything under these hosts. Apps
 * are named as lists name them.
 */
const signInHosts: readonly { readonly domains: readonly string[]; readonly hosts: readonly string[] }[] = [
  { domains: ['gmail.com', 'googlemail.com'], hosts: ['google.com', 'com.google.android.gm'] },
  {
    domains: ['outlook.com', 'hotmail.com', 'live.com', 'msn.com'],
    hosts: ['live.com', 'microsoftonline.com', 'outlook.com', 'office.com', 'com.microsoft.office.outlook'],
  },
  {
    domains: ['yahoo.com', 'ymail.com', 'rocketmail.com', 'aol.com'],
    hosts: ['yahoo.com', 'aol.com', 'com.yahoo.mobile.client.android.mail'],
  },
  { domains: ['icloud.com', 'me.com', 'mac.com'], hosts: ['icloud.com', 'apple.com'] },
  {
    domains: ['gmx.net', 'gmx.de', 'gmx.at', 'gmx.ch', 'gmx.com', 'web.de', 'mail.com'],
    hosts: ['gmx.net', 'gmx.com', 'web.de', 'mail.com'],
  },
  { domains: ['proton.me', 'protonmail.com', 'pm.me'], hosts: ['proton.me', 'protonmail.com'] },
];

const hostsOfDomain: ReadonlyMap<string, readonly string[]> = new Map(
  signInHosts.flatMap(({ domains, hosts }) => domains.map((domain) => [domain, hosts] as const)),
);

/** Longer than any URL that a list needs to name a service by. */
const longestPlace = 2_048;
const hostShaped = /[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;

/**
 * Whether what a line of a list says of the place that its password is for (a URL, a host, an app's name, or all that stands before the
 * address) is where the mail of this very address is read: a host of the address' own domain, or its provider's sign-in.
 */
export function namesMailbox(place: string, address: string): boolean {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  if (domain === '') return false;
  const own = [domain, ...(hostsOfDomain.get(domain) ?? [])];
  const named = place.slice(0, longestPlace).toLowerCase().match(hostShaped) ?? [];
  return named.some((host) => own.some((one) => host === one || host.endsWith(`.${one}`)));
}
