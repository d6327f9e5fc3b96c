/** The operator's part of A1: what mesos-go's client for masters reads is compared with what it had set. */
import { LocalCluster } from '../../tools/daemons/local-cluster.mjs';
import { runForeign } from '../foreign-program.mjs';

/** By what it is about: how the program must have been refused. The first words are the client's name for the status. */
const REFUSALS = {
  'weight 0': /^malformed request: .*Weights must be positive$/,
  'quota beyond the cluster': /^incompatible API version: .*exceed cluster capacity/,
  'a volume of another size': /^malformed request: .*Persistent volumes not found$/,
  'more than is reserved': /^incompatible API version: .*does not contain/,
};

/** @param {import('../findings.mjs').Findings} findings @param {string} program */
export async function runOperator(findings, program) {
  for (const codec of ['protobuf', 'json']) {
    const cluster = await LocalCluster.start();
    try {
      const url = `http://127.0.0.1:${cluster.master.port}/api/v1`;
      const { code, output, stdout } = await runForeign(program, [`-url=${url}`, `-codec=${codec}`]);
      findings.expect(`${codec}: operator: every call passes through the client`, code === 0, output.slice(-1000));
      if (code !== 0) continue;
      const told = JSON.parse(stdout);
      const equal = (what, key, expected) => findings.equal(`${codec}: operator: ${what}`, told[key], expected);
      equal('weights are as set', 'weights', { 'dev': 2.5, 'web/api': 0.5 });
      const ops = ['ops has 2 cpus', 'ops up to 1024.5 mem', 'ops up to 3 cpus'];
      equal('quota is as set, in the old form and the new', 'quota', ['old has 1 cpus', 'old up to 1 cpus', ...ops]);
      equal('quota that was removed is gone', 'quota after removal', ops);
      const created = { 'cpus of dev': 2, 'disk of dev': 200, 'disk of dev in data': 100 };
      equal('reservations and volumes are as set', 'created', created);
      const resized = { 'cpus of dev': 2, 'disk of dev': 236, 'disk of dev in data': 64 };
      equal('a volume has grown and shrunk', 'resized', resized);
      equal('what was undone is gone', 'in the end', {});
      equal('every read is answered', 'reads without an answer', []);
      for (const [what, words] of Object.entries(REFUSALS))
        findings.expect(`${codec}: operator: ${what} is refused`, words.test(told[what]), told[what]);
    } finally {
      await cluster.stop();
    }
  }
}
