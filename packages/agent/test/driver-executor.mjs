/**
 * An executor as the old driver makes it, as a process of its own, from the built packages: links to its agent, registers
 * once, tells what its tasks do by messages, and after the loss of a checkpointing agent waits to be called back.
 *
 * Data for it are words: `finish ID` ends a task, `environment` tells its variables, `die` ends the process, all else comes
 * back as it is.
 */
import { HttpServer } from '@mesolite/daemon';
import { Libprocess } from '@mesolite/libprocess';
import { silentLog } from '@mesolite/ports';
import {
  ExecutorRegisteredMessage,
  ExecutorReregisteredMessage,
  ExecutorToFrameworkMessage,
  FrameworkToExecutorMessage,
  KillTaskMessage,
  ReconnectExecutorMessage,
  RegisterExecutorMessage,
  ReregisterExecutorMessage,
  RunTaskMessage,
  ShutdownExecutorMessage,
  StatusUpdateAcknowledgementMessage,
  StatusUpdateMessage,
  wireName,
} from '@mesolite/wire';

const ID = 'executor(1)';
const { MESOS_FRAMEWORK_ID, MESOS_EXECUTOR_ID, MESOS_CHECKPOINT } = process.env;
const { LIBPROCESS_IP = '127.0.0.1', LIBPROCESS_PORT = '0' } = process.env;

const ids = { framework_id: { value: MESOS_FRAMEWORK_ID }, executor_id: { value: MESOS_EXECUTOR_ID } };
const agent_id = { value: process.env['MESOS_SLAVE_ID'] };
/** Of which nothing was acknowledged. */
const updates = new Map();
const tasks = new Map();
let agent = process.env['MESOS_SLAVE_PID'];
let connected = false;

const server = new HttpServer({ ip: LIBPROCESS_IP, port: Number(LIBPROCESS_PORT), log: silentLog, processIds: [ID] });
await server.listen();
const libprocess = new Libprocess({ server, log: silentLog });

const send = (type, message) => libprocess.send(ID, agent, wireName(type), type.encode(message));
const key = (bytes) => Buffer.from(bytes).toString('hex');

function tell(taskId, state) {
  const uuid = Buffer.from(crypto.randomUUID().replaceAll('-', ''), 'hex');
  const timestamp = Date.now() / 1000;
  const status = { task_id: { value: taskId }, state, agent_id, uuid, timestamp };
  const update = { ...ids, agent_id, status, uuid, timestamp };
  updates.set(key(uuid), update);
  send(StatusUpdateMessage, { update, pid: `${ID}@${libprocess.address}` });
}

function take(text) {
  const [word, ...rest] = text.split(' ');
  if (word === 'finish') tell(rest.join(' '), 'TASK_FINISHED');
  else if (word === 'die') process.exit(3);
  else {
    const answer = word === 'environment' ? JSON.stringify(process.env) : text;
    send(ExecutorToFrameworkMessage, { ...ids, agent_id, data: Buffer.from(answer) });
  }
}

const handlers = new Map(
  [
    [ExecutorRegisteredMessage, () => (connected = true)],
    [ExecutorReregisteredMessage, () => (connected = true)],
    [
      ReconnectExecutorMessage,
      (_message, from) => {
        agent = from;
        libprocess.link(ID, agent, { reconnect: true });
        send(ReregisterExecutorMessage, { ...ids, tasks: [...tasks.values()], updates: [...updates.values()] });
      },
    ],
    [
      RunTaskMessage,
      ({ task }) => {
        tasks.set(task.task_id.value, task);
        tell(task.task_id.value, 'TASK_RUNNING');
      },
    ],
    [KillTaskMessage, ({ task_id }) => tell(task_id.value, 'TASK_KILLED')],
    [
      StatusUpdateAcknowledgementMessage,
      ({ task_id, uuid }) => {
        updates.delete(key(uuid));
        tasks.delete(task_id.value);
      },
    ],
    [FrameworkToExecutorMessage, ({ data }) => take(Buffer.from(data).toString())],
    [ShutdownExecutorMessage, () => process.exit(0)],
  ].map(([type, handle]) => [wireName(type), (from, body) => handle(type.decode(body), from)]),
);

libprocess.spawn(ID, {
  message: (from, name, body) => handlers.get(name)?.(from, body),
  exited: () => {
    if (MESOS_CHECKPOINT !== '1' || !connected) process.exit(0);
    connected = false;
  },
});
libprocess.start();
libprocess.link(ID, agent);
send(RegisterExecutorMessage, ids);
