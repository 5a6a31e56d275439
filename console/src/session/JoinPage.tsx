import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { Field } from '../design/Field.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { joinByCode, signIn } from './passkey.ts';
import { sessionKey } from './use-session.ts';

/** `/console/join#CODE`: what follows the `#` never leaves the browser by itself. */
export function JoinPage(): ReactNode {
  const queries = useQueryClient();
  const [code, setCode] = useState(() => decodeURIComponent(location.hash.slice(1)));
  const [name, setName] = useState('');
  const joining = useMutation({
    mutationFn: async () => {
      const joined = await joinByCode(code.trim(), name.trim());
      // Used up: it is not to stand in the history of a shared machine.
      history.replaceState(null, '', location.pathname);
      return joined.isActive ? { joined, session: await signIn() } : { joined, session: null };
    },
    onSuccess: ({ session }) => {
      if (session === null) return;
      queries.setQueryData(sessionKey, session);
      location.assign('/console/');
    },
  });
  if (joining.data?.session === null) return <WaitForTwo words={joining.data.joined.words} />;
  const ready = code.trim() !== '' && name.trim() !== '';
  return (
    <main className="door" id="main">
      <h1>Your passkey for Allclear</h1>
      <p>It is made on this device, signs you in, and says yes in your name.</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !joining.isPending) joining.mutate();
        }}
      >
        {location.hash.length > 1 ? null : <Field label="One-time code" value={code} onChange={setCode} isCode />}
        <Field
          label="A name for this passkey"
          hint="So that you know it again: “work laptop”, “blue key”."
          value={name}
          onChange={setName}
          maxLength={60}
        />
        <Button type="submit" className={joining.isPending ? 'button act pending' : 'button act'} isDisabled={!ready}>
          {joining.isPending ? 'Touch your passkey …' : 'Make the passkey'}
        </Button>
      </form>
      {joining.isError ? <ProblemNote error={joining.error} /> : null}
    </main>
  );
}

/** Somebody who is proposed: what they made counts once two others compared it with what they are told. */
function WaitForTwo({ words }: { readonly words: string | null }): ReactNode {
  return (
    <main className="door" id="main">
      <h1>Your passkey is made</h1>
      <p>It signs you in once two others said yes to exactly this passkey. They call you and compare these words:</p>
      {words === null ? (
        <p>This browser does not show them. Ask for another link, and open it in another browser.</p>
      ) : (
        <p role="status">
          <strong className="digest-words">{words}</strong>
        </p>
      )}
      <p>
        Read them out to nobody who called you from a number that you do not know. Then{' '}
        <a href="/console/">sign in here</a>.
      </p>
    </main>
  );
}
