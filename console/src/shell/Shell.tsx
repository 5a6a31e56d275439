import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { useRead } from '../api/read.ts';
import { WorkButton } from '../design/WorkButton.tsx';
import { signOut } from '../session/passkey.ts';
import { changeSession, useMay, useSession } from '../session/use-session.ts';
import { HaltControl } from './HaltControl.tsx';
import { HaltTargetContext } from './halting.ts';
import type { HaltTarget } from './halting.ts';
import { menuPages } from './pages.ts';

/** What surrounds every page: HALT, where one is, and who one is. */
export function Shell(): ReactNode {
  const [target, setTarget] = useState<HaltTarget | null>(null);
  const [isMenuOpen, setMenuOpen] = useState(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const main = useRef<HTMLElement>(null);
  const visited = useRef(path);

  useEffect(() => {
    if (visited.current === path) return;
    visited.current = path;
    setMenuOpen(false);
    // A new page begins at its top, for the eye and for the screen reader.
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [path]);

  return (
    <HaltTargetContext value={setTarget}>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <header className="top">
        <HaltControl target={target} />
        <Where />
        <Button
          className="button menu-button"
          aria-expanded={isMenuOpen}
          aria-controls="menu"
          onPress={() => setMenuOpen(!isMenuOpen)}
        >
          Menu
        </Button>
      </header>
      <div className={isMenuOpen ? 'frame menu-open' : 'frame'}>
        <nav id="menu" className="menu" aria-label="Pages">
          <Menu />
          <Person />
        </nav>
        <main id="main" ref={main} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
    </HaltTargetContext>
  );
}

/** Which service, and whether it is the real one. */
function Where(): ReactNode {
  const { data } = useRead('get /api/v1/deployment', {});
  return (
    <p className="where">
      <Link to="/" className="brand">
        Allclear
      </Link>
      {data === undefined ? null : (
        <span className="where-service">
          {data.serviceName} <span className={`environment ${data.environment}`}>{data.environment}</span>
        </span>
      )}
    </p>
  );
}

function Menu(): ReactNode {
  const may = useMay();
  return (
    <ul>
      {menuPages
        .filter(({ permission }) => may(permission))
        .map(({ path, word }) => (
          <li key={path}>
            <Link to={path} activeOptions={{ exact: path === '/' }} activeProps={{ 'aria-current': 'page' }}>
              {word}
            </Link>
          </li>
        ))}
    </ul>
  );
}

function Person(): ReactNode {
  const { operator } = useSession();
  const queries = useQueryClient();
  const leaving = useMutation({
    mutationFn: async () => {
      // What is being read would be answered with a refusal, which a browser writes down as an error.
      await queries.cancelQueries();
      await signOut();
    },
    onSettled: () => changeSession(queries, null),
  });
  return (
    <div className="person">
      <p>
        {operator.name} <span className="soft">{operator.role}</span>
      </p>
      <WorkButton className="button small" isWorking={leaving.isPending} onPress={() => leaving.mutate()}>
        Sign out
      </WorkButton>
    </div>
  );
}
