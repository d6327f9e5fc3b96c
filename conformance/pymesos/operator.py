"""An operator on pymesos' drivers for masters and agents: sets everything they can set and reads everything they can read,
while a framework of pymesos' runs a task with a reservation and a volume of ours. Prints what it was told as one JSON line:
`told` by name, `refused` with the status of each call that was refused on purpose, `later` the calls answered 501.

usage: operator.py MASTER AGENT
"""

import base64
import getpass
import json
import re
import sys
import threading

from pymesos import (
    MesosOperatorAgentDriver, MesosOperatorMasterDriver, MesosSchedulerDriver, Scheduler)

LIMIT_SECONDS = 40
SECOND = 10 ** 9
ROLE = 'dev'
PRINCIPAL = 'pymesos'
MACHINES = [{'hostname': 'nobody.example', 'ip': '10.255.255.1'}]
WINDOWS = [{
    'machine_ids': MACHINES,
    'unavailability': {'start': {'nanoseconds': 4102444800 * SECOND}, 'duration': {'nanoseconds': 3600 * SECOND}},
}]

told, refused, later = {}, {}, []


def ask(name, call, *args, **options):
    """Notes what the call answers, or that it is not built yet."""
    try:
        told[name] = call(*args, **options)
    except RuntimeError as error:
        if status(error) != 501:
            raise
        later.append(name)


def expect_refusal(name, call, *args):
    try:
        call(*args)
        refused[name] = None
    except RuntimeError as error:
        refused[name] = status(error)


def status(error):
    return int(re.search(r'code=(\d+)', str(error)).group(1))


def reserved(name, value, **more):
    return dict({
        'name': name,
        'type': 'SCALAR',
        'scalar': {'value': value},
        'role': ROLE,
        'reservation': {'principal': PRINCIPAL},
    }, **more)


def volume(identity, value):
    return reserved('disk', value, disk={
        'persistence': {'id': identity, 'principal': PRINCIPAL},
        'volume': {'mode': 'RW', 'container_path': 'data'},
    })


class Sleeper(Scheduler):
    """Runs one task in the volume."""

    def __init__(self):
        self.running = threading.Event()
        self.launched = False
        self.failure = None

    def resourceOffers(self, driver, offers):
        for offer in offers:
            volumes = [one for one in offer['resources'] if 'persistence' in one.get('disk', {})]
            if self.launched or not volumes:
                driver.declineOffer(offer['id'], {'refuse_seconds': 0.1})
                continue
            self.launched = True
            driver.launchTasks(offer['id'], [{
                'task_id': {'value': 'sleeper'},
                'agent_id': offer['agent_id'],
                'name': 'sleeper',
                'command': {'value': 'echo awake; sleep 600'},
                'resources': [dict(reserved('cpus', 0.5), allocation_info={'role': ROLE}),
                              dict(reserved('mem', 64), allocation_info={'role': ROLE})] + volumes[:1],
            }])

    def statusUpdate(self, driver, update):
        if update['state'] == 'TASK_RUNNING':
            self.running.set()
        elif update['state'] != 'TASK_STARTING':
            self.error(driver, '%s: %s' % (update['state'], update.get('message')))

    def error(self, driver, message):
        self.failure = message
        self.running.set()


def about_the_process(prefix, driver, log):
    ask(prefix + 'health', driver.getHealth)
    ask(prefix + 'version', driver.getVersion)
    ask(prefix + 'flags', driver.getFlags)
    ask(prefix + 'metrics', driver.getMetrics, 5 * SECOND)
    driver.setLoggingLevel(2, 3600 * SECOND)
    ask(prefix + 'level', driver.getLoggingLevel)
    driver.setLoggingLevel(0, SECOND)
    told[prefix + 'log'] = text_of(driver, log, 14)


def text_of(driver, path, length):
    return base64.b64decode(driver.readFile(path, length, 0)['read_file']['data']).decode('utf-8')


def sandbox(agent, framework_id):
    path = '/frameworks/%s/executors/sleeper/runs/latest' % framework_id
    ask('agent files', agent.listFiles, path)
    output = path + '/stdout'
    wait_for('what the task prints', lambda: told.update(output=text_of(agent, output, 1000)) or 'awake' in told['output'])


def wait_for(what, holds):
    pause = threading.Event()
    for _ in range(LIMIT_SECONDS * 20):
        if holds():
            return
        pause.wait(0.05)
    sys.exit('waited in vain for ' + what)


def settings(master):
    master.updateWeights([{'role': ROLE, 'weight': 2.5}, {'role': 'web/api', 'weight': 0.5}])
    ask('weights', master.getWeights)
    expect_refusal('weight 0', master.updateWeights, [{'role': ROLE, 'weight': 0}])
    scalars = [{'name': 'cpus', 'type': 'SCALAR', 'scalar': {'value': 3}},
               {'name': 'mem', 'type': 'SCALAR', 'scalar': {'value': 1024}}]
    master.setQuota({'role': 'ops', 'guarantee': scalars})
    ask('quota', master.getQuota)
    expect_refusal('quota twice', master.setQuota, {'role': 'ops', 'guarantee': scalars})
    large = [{'name': 'cpus', 'type': 'SCALAR', 'scalar': {'value': 800}}]
    expect_refusal('quota beyond the cluster', master.setQuota, {'role': 'big', 'guarantee': large})
    master.setQuota({'role': 'big', 'guarantee': large, 'force': True})
    master.removeQuota('big')
    ask('quota after removal', master.getQuota)
    master.removeQuota('ops')
    expect_refusal('removal of no quota', master.removeQuota, 'ops')


def maintenance(master):
    ask('maintenance change', master.updateMaintenanceSchedule, WINDOWS)
    if 'maintenance change' in later:
        return
    ask('maintenance schedule', master.getMaintenanceSchedule)
    ask('maintenance draining', master.getMaintenanceStatus)
    master.startMaintenance(MACHINES)
    ask('maintenance down', master.getMaintenanceStatus)
    master.stopMaintenance(MACHINES)
    ask('maintenance up', master.getMaintenanceSchedule)


def cluster(master, agent):
    agent_id = master.getAgents()['get_agents']['agents'][0]['agent_info']['id']['value']
    expect_refusal('reservation of too much', master.reserveResources, agent_id, [reserved('cpus', 800)])
    master.reserveResources(agent_id, [reserved('cpus', 2), reserved('mem', 512), reserved('disk', 300)])
    master.createVolumes(agent_id, [volume('data', 100), volume('spare', 50)])
    ask('agents', master.getAgents)
    sleeper = Sleeper()
    driver = MesosSchedulerDriver(sleeper, {
        'user': getpass.getuser(), 'name': 'sleeper', 'roles': [ROLE], 'principal': PRINCIPAL,
        'capabilities': [{'type': 'MULTI_ROLE'}],
    }, master.master_uri)
    driver.start()
    if not sleeper.running.wait(LIMIT_SECONDS) or sleeper.failure:
        sys.exit('the task does not run: %s' % sleeper.failure)
    reads = (('state', 'getState'), ('frameworks', 'getFrameworks'), ('executors', 'getExecutors'), ('tasks', 'getTasks'))
    for name, method in reads:
        ask(name, getattr(master, method))
        ask('agent ' + name, getattr(agent, method))
    ask('master', master.getMaster)
    ask('roles', master.getRoles)
    ask('agent containers', agent.getContainers)
    sandbox(agent, told['frameworks']['get_frameworks']['frameworks'][0]['framework_info']['id']['value'])
    expect_refusal('destruction of a volume in use', master.destroyVolumes, agent_id, [volume('data', 100)])
    expect_refusal('release of what is in use', master.unreserveResources, agent_id, [reserved('cpus', 2)])
    driver.stop()
    driver.join()
    return agent_id


def clear(master, agent_id):
    """What the task used comes back a moment after its framework has gone."""
    def destroyed():
        try:
            master.destroyVolumes(agent_id, [volume('data', 100)])
        except RuntimeError as error:
            if status(error) not in (400, 409):
                raise
            return False
        return True

    wait_for('the volume to be free', destroyed)
    master.destroyVolumes(agent_id, [volume('spare', 50)])
    master.unreserveResources(agent_id, [reserved('cpus', 2), reserved('mem', 512), reserved('disk', 300)])
    ask('agents in the end', master.getAgents)


def of_later_issues(master, agent, agent_id):
    """What these drivers have beyond that. Each is answered 501 until it is built."""
    nested = {'container_id': {'value': 'child', 'parent': {'value': 'parent'}}}
    provider = {'type': 'org.example.provider', 'name': 'one'}
    ask('launchNestedContainer', agent.launchNestedContainer, nested)
    ask('waitNestedContainer', agent.waitNestedContainer, 'child', 'parent')
    ask('killNestedContainer', agent.killNestedContainer, 'child', 'parent')
    ask('removeNestedContainer', agent.removeNestedContainer, 'child', 'parent')
    ask('addResourceProviderConfig', agent.addResourceProviderConfig, provider)
    ask('updateResourceProviderConfig', agent.updateResourceProviderConfig, provider)
    ask('removeResourceProviderConfig', agent.removeResourceProviderConfig, 'org.example.provider', 'one')
    ask('pruneImages', agent.pruneImages)
    ask('markAgentGone', master.markAgentGone, agent_id)


def main():
    master = MesosOperatorMasterDriver(sys.argv[1])
    agent = MesosOperatorAgentDriver(sys.argv[2])
    about_the_process('', master, '/master/log')
    about_the_process('agent ', agent, '/slave/log')
    settings(master)
    maintenance(master)
    agent_id = cluster(master, agent)
    clear(master, agent_id)
    of_later_issues(master, agent, agent_id)
    print(json.dumps({'told': told, 'refused': refused, 'later': later}), flush=True)


main()
