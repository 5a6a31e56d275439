import { createContext } from 'react';

/**
 * Told when a dialog of `ConfirmAct` opens and closes. A page that moves on by itself keeps what is below an open dialog: else the
 * dialog would be gone before its answer was read.
 */
export const HoldContext = createContext<(isOpen: boolean) => void>(() => undefined);
