/** All conformance checks, in the order in which they run. Ids A1… are those of the compatibility page. */
import { runMesosFramework, runMesosFrameworkFailover } from './mesos-framework/check.mjs';
import { runMesosGo } from './mesos-go/check.mjs';
import { runMesosGoV0, runMesosGoV0Failover } from './mesos-go-v0/check.mjs';
import { runMesosRxjava, runMesosRxjavaFailover } from './mesos-rxjava/check.mjs';
import { runPymesos, runPymesosFailover } from './pymesos/check.mjs';
import { runReplays } from './replay/check.mjs';
import { runWireReplays } from './wire/check.mjs';

export const CHECKS = [
  { id: 'A1', title: 'mesos-go v1 example scheduler and executor, an operator, both codecs', run: runMesosGo },
  { id: 'A2', title: 'pymesos scheduler, executor, operator and pymesos.subprocess', run: runPymesos },
  { id: 'A2zk', title: 'pymesos while the leading master is killed', run: runPymesosFailover },
  {
    id: 'A3',
    title: 'mesos-go v0 example scheduler and executor, also with CRAM-MD5 and over ZooKeeper',
    run: runMesosGoV0,
  },
  { id: 'A3zk', title: 'mesos-go v0 with CRAM-MD5 while the leading master is killed', run: runMesosGoV0Failover },
  { id: 'A5', title: 'npm mesos-framework scheduler and executor', run: runMesosFramework },
  { id: 'A5zk', title: 'npm mesos-framework while the leading master is killed', run: runMesosFrameworkFailover },
  { id: 'A6', title: 'a Java framework on mesos-rxjava', run: runMesosRxjava },
  { id: 'A6zk', title: 'mesos-rxjava while the leading master is killed', run: runMesosRxjavaFailover },
  { id: 'replay', title: 'recorded traffic of the original gets the same answers', run: runReplays },
  {
    id: 'wire',
    title: 'recorded conversations of daemons and drivers, with our master and our agent',
    run: runWireReplays,
  },
];
