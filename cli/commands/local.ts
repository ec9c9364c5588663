/** `filmroom local`: runs the synthesized stack on this machine until Ctrl-C. */
import type { LocalStack } from '../../local/start.ts';
import { EXIT, type ExitCode } from '../failure.ts';
import { printJson } from '../report/json-output.ts';
import { startStack } from '../stack/connect.ts';
import { createStaffUser, type StaffSignIn } from '../stack/staff-users.ts';
import { untilInterrupted } from '../terminal/interrupt.ts';
import { columns } from '../terminal/printable.ts';
import { signInLines } from './staff.ts';

export interface LocalOptions {
  readonly data: string;
  readonly port?: number;
  readonly iam?: boolean;
  readonly json?: boolean;
}

export async function local(options: LocalOptions): Promise<ExitCode> {
  const { stack, webUrl, dataDir } = await startStack({
    dataDir: options.data,
    log: (line) => process.stderr.write(`${line}\n`),
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  const { outputs, endpoints, operator } = stack;
  const staff = await createStaffUser({ endpoint: endpoints.control, outputs, operator });
  if (options.json === true) {
    printJson({ pid: process.pid, dataDir, webUrl, outputs, endpoints, staff }, true);
  } else {
    console.log(readyLines(stack, staff).join('\n'));
  }
  await untilInterrupted();
  if (options.iam === true) {
    if (options.json === true) printJson(iamReport(stack), true);
    else console.log(iamLines(stack).join('\n'));
  }
  await stack.stop();
  return EXIT.ok;
}

function readyLines(stack: LocalStack, staff: StaffSignIn): string[] {
  return [
    'The staff page',
    ...signInLines(staff),
    '',
    'Outputs of the stack',
    ...columns(Object.entries(stack.outputs)),
    '',
    'For the AWS command line and SDKs',
    ...columns([
      ...Object.entries(stack.endpoints)
        .filter(([name]) => name !== 'control')
        .map(([name, url]) => [`AWS_ENDPOINT_URL_${name.toUpperCase()}=${url}`]),
      [`AWS_REGION=${stack.operator.region}`],
      [`AWS_ACCESS_KEY_ID=${stack.operator.accessKeyId}`],
      [`AWS_SECRET_ACCESS_KEY=${stack.operator.secretAccessKey}`],
    ]),
    '',
    'Serving until Ctrl-C. In another terminal: npx filmroom ingest <path>',
  ];
}

function iamReport(stack: LocalStack) {
  return {
    functions: stack.iamReport().map(({ function: name, granted, used, neverUsed }) => ({
      function: name,
      granted: granted.length,
      used,
      neverUsed,
    })),
    denials: stack.denials().map(({ function: name, action, resource, message }) => ({
      function: name,
      action,
      resource,
      message,
    })),
  };
}

function iamLines(stack: LocalStack): string[] {
  const { functions, denials } = iamReport(stack);
  const lines = functions.flatMap(({ function: name, granted, neverUsed }) => [
    `${name}: ${granted} granted, ${neverUsed.length} never used`,
    ...columns(neverUsed.map(({ action, resource }) => [action, resource])),
  ]);
  return [
    '',
    'Granted and never used in this run',
    ...lines,
    ...(denials.length === 0 ? [] : ['', 'Denied', ...denials.map(({ message }) => `  ${message}`)]),
  ];
}
