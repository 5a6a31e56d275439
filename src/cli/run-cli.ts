import { Command, CommanderError } from 'commander';
import { failureTable } from '../contract/failure-table.ts';
import { Failure } from '../domain/shared/failure.ts';
import type { FailureCode } from '../domain/shared/failure.ts';
import { cleanText } from './clean-text.ts';
import { addConfigShow } from './commands/config-show.ts';
import { addCorrectionSend } from './commands/correction-send.ts';
import { addDemo } from './commands/demo.ts';
import { addDirectoryAdd } from './commands/directory-add.ts';
import { addDirectoryTest } from './commands/directory-test.ts';
import { addDoctor } from './commands/doctor.ts';
import { addDrillBegin } from './commands/drill-begin.ts';
import { addDrillList } from './commands/drill-list.ts';
import { addDrillOverride } from './commands/drill-override.ts';
import { addDrillShow } from './commands/drill-show.ts';
import { addEvidenceImport } from './commands/evidence-import.ts';
import { addEvidenceList } from './commands/evidence-list.ts';
import { addEvidenceShow } from './commands/evidence-show.ts';
import { addEvidenceWithdraw } from './commands/evidence-withdraw.ts';
import { addExport } from './commands/export.ts';
import { addImport } from './commands/import.ts';
import { addMigrate } from './commands/migrate.ts';
import { addExplain } from './commands/explain.ts';
import { addFeedbackShow } from './commands/feedback-show.ts';
import { addHalt } from './commands/halt.ts';
import { addInit } from './commands/init.ts';
import { addLedgerAcceptRestored } from './commands/ledger-accept-restored.ts';
import { addLedgerApproveRestored } from './commands/ledger-approve-restored.ts';
import { addLedgerApprovals } from './commands/ledger-approvals.ts';
import { addLedgerErase } from './commands/ledger-erase.ts';
import { addLedgerList } from './commands/ledger-list.ts';
import { addLedgerVerify } from './commands/ledger-verify.ts';
import { addMailKeys } from './commands/mail-keys.ts';
import { addOperatorAccept } from './commands/operator-accept.ts';
import { addOperatorAdd } from './commands/operator-add.ts';
import { addOperatorApprove } from './commands/operator-approve.ts';
import { addOperatorInvite } from './commands/operator-invite.ts';
import { addOperatorLink } from './commands/operator-link.ts';
import { addOperatorList } from './commands/operator-list.ts';
import { addOperatorPasskey } from './commands/operator-passkey.ts';
import { addOperatorToken } from './commands/operator-token.ts';
import { addPlanApprove } from './commands/plan-approve.ts';
import { addPlanDraft } from './commands/plan-draft.ts';
import { addPlanExport } from './commands/plan-export.ts';
import { addPlanList } from './commands/plan-list.ts';
import { addPlanRehearse } from './commands/plan-rehearse.ts';
import { addPlanReview } from './commands/plan-review.ts';
import { addPlanShow } from './commands/plan-show.ts';
import { addRetentionRun } from './commands/retention-run.ts';
import { addRetract } from './commands/retract.ts';
import { addRetractAccounts } from './commands/retract-accounts.ts';
import { addRetractApprove } from './commands/retract-approve.ts';
import { addRetractShow } from './commands/retract-show.ts';
import { addRolloutDisputes } from './commands/rollout-disputes.ts';
import { addRolloutPause } from './commands/rollout-pause.ts';
import { addRolloutResume } from './commands/rollout-resume.ts';
import { addRolloutStart } from './commands/rollout-start.ts';
import { addRolloutStatus } from './commands/rollout-status.ts';
import { addRolloutWatch } from './commands/rollout-watch.ts';
import { addSubjectErase } from './commands/subject-erase.ts';
import { addSubjectExport } from './commands/subject-export.ts';
import { addStatement } from './commands/statement.ts';
import { addAppealDecide } from './commands/appeal-decide.ts';
import { addAppealList } from './commands/appeal-list.ts';
import { addAppealShow } from './commands/appeal-show.ts';
import { addSuppressionList } from './commands/suppression-list.ts';
import { addSuppressionRemove } from './commands/suppression-remove.ts';
import type { CliWorld } from './session.ts';
import { addWord } from './verb.ts';
import type { Verbs } from './verb.ts';

/** Runs one command line (without `node` and the script) and resolves to its exit code; never throws. */
export async function runCli(argv: readonly string[], outside: CliWorld): Promise<number> {
  let exit = 0;
  let hasAnswered = false;
  const { stdout } = outside;
  const world: CliWorld = {
    ...outside,
    stdout: {
      isTTY: stdout.isTTY,
      write(text) {
        hasAnswered = true;
        return stdout.write(text);
      },
    },
  };
  const program = makeProgram({ world, exit: (code) => (exit = code) });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      // Words for a person are on stderr already; a program reads why on stdout, as with every other refusal.
      const detail = error.message.replace(/^error: /, '');
      if (argv.includes('--json') || argv.includes('--ndjson')) world.stdout.write(problemLine('usage', detail, {}));
      return 2;
    }
    // A dry run has written its one document already.
    const tellsJson = argv.includes('--ndjson') || (argv.includes('--json') && !hasAnswered);
    const exitCode = tellFailure(error, tellsJson, world);
    if (argv.includes('--drill')) world.stderr.write('This was about the drill: add --drill to what you type next.\n');
    return exitCode;
  }
}

export function makeProgram(verbs: Verbs): Command {
  const { world } = verbs;
  const program = new Command('allclear')
    .description('Protects compromised accounts in bulk, and puts mistakes right person by person')
    .version(world.version, '-V, --version', 'which version this is')
    .exitOverride()
    // Else `retract` takes the options of `retract approve` for its own.
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => world.stdout.write(text),
      writeErr: (text) => world.stderr.write(text.split('\n').map(cleanText).join('\n')),
    })
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      '\nExit codes: 0 ok, 1 failed, 2 usage, 3 refused or needs approval, 4 halted, 5 partly done, 69 unavailable, 75 try again',
    );

  addInit(program, verbs);
  const operator = addWord(program, 'operator', 'who may act and approve');
  for (const add of [addOperatorAdd, addOperatorList, addOperatorApprove, addOperatorToken]) add(operator, verbs);
  for (const add of [addOperatorLink, addOperatorPasskey, addOperatorInvite, addOperatorAccept]) add(operator, verbs);
  const directory = addWord(program, 'directory', 'where accounts live: your own tables, mapped and proved');
  for (const add of [addDirectoryAdd, addDirectoryTest]) add(directory, verbs);
  const evidence = addWord(program, 'evidence', 'what says that a credential is known to others');
  for (const add of [addEvidenceImport, addEvidenceList, addEvidenceShow, addEvidenceWithdraw]) add(evidence, verbs);
  const plan = addWord(program, 'plan', 'the frozen list of targets with reason, action, notice and limits');
  for (const add of [
    addPlanDraft,
    addPlanList,
    addPlanShow,
    addPlanExport,
    addPlanRehearse,
    addPlanReview,
    addPlanApprove,
  ])
    add(plan, verbs);
  const rollout = addWord(program, 'rollout', 'the running of a plan or a retraction, in waves');
  for (const add of [
    addRolloutStart,
    addRolloutStatus,
    addRolloutWatch,
    addRolloutDisputes,
    addRolloutPause,
    addRolloutResume,
  ])
    add(rollout, verbs);
  addHalt(program, verbs);
  addCorrectionSend(addWord(program, 'correction', 'the letters that go with a halt'), verbs);
  addFeedbackShow(addWord(program, 'feedback', 'what the world says back about mail that was sent'), verbs);
  const suppression = addWord(program, 'suppression', 'addresses that ordinary notices do not go to any more');
  for (const add of [addSuppressionList, addSuppressionRemove]) add(suppression, verbs);
  const appeal = addWord(program, 'appeal', 'what holders say about notices, for a person to look at');
  for (const add of [addAppealList, addAppealShow, addAppealDecide]) add(appeal, verbs);
  const retract = addRetract(program, verbs);
  for (const add of [addRetractShow, addRetractAccounts, addRetractApprove]) add(retract, verbs);
  for (const add of [addExplain, addStatement, addDemo]) add(program, verbs);
  const ledger = addWord(program, 'ledger', 'what happened, in order, tamper-evident');
  for (const add of [addLedgerList, addLedgerVerify, addLedgerApprovals, addLedgerErase]) add(ledger, verbs);
  for (const add of [addLedgerAcceptRestored, addLedgerApproveRestored]) add(ledger, verbs);
  const subject = addWord(program, 'subject', 'what is held of one account: shown to its holder, and erased');
  for (const add of [addSubjectExport, addSubjectErase]) add(subject, verbs);
  const drill = addWord(program, 'drill', 'a practised halt and reversal, without which nothing is started');
  for (const add of [addDrillBegin, addDrillShow, addDrillList, addDrillOverride]) add(drill, verbs);
  addDoctor(program, verbs);
  for (const add of [addExport, addImport, addMigrate]) add(program, verbs);
  addRetentionRun(addWord(program, 'retention', 'what is kept for a time only, and then destroyed'), verbs);
  addMailKeys(addWord(program, 'mail', 'the mail that leaves, and what receivers need to trust it'), verbs);
  addConfigShow(addWord(program, 'config', 'the settings of this machine'), verbs);
  return program;
}

function tellFailure(error: unknown, tellsJson: boolean, { stdout, stderr }: CliWorld): number {
  const failure =
    error instanceof Failure
      ? error
      : new Failure(
          'internal',
          error instanceof Error ? error.message : 'something else than an error was thrown',
          {},
          error,
        );
  const { exit, next } = failureTable[failure.code];
  if (tellsJson) {
    stdout.write(problemLine(failure.code, failure.message, failure.facts));
  }
  // Where the message names the next command already, general advice would only push it out of sight.
  const advice = failure.message.includes('allclear ') ? [] : [next];
  const lines = [...failure.message.split('\n'), ...advice];
  stderr.write(`${lines.map(cleanText).join('\n')}\n`);
  return exit;
}

/** What a program reads on stdout where a command was refused. */
function problemLine(code: FailureCode, detail: string, facts: Failure['facts']): string {
  const { exit, next } = failureTable[code];
  return `${JSON.stringify({ error: { code, detail, next, facts, exit } })}\n`;
}
