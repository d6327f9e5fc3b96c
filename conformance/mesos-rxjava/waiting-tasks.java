import static com.mesosphere.mesos.rx.java.SinkOperations.sink;
import static com.mesosphere.mesos.rx.java.util.UserAgentEntries.literal;

import com.mesosphere.mesos.rx.java.SinkOperation;
import com.mesosphere.mesos.rx.java.protobuf.ProtobufMesosClientBuilder;
import com.mesosphere.mesos.rx.java.protobuf.SchedulerCalls;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import rx.Observable;
import rx.subjects.PublishSubject;

/**
 * A framework on mesos-rxjava: subscribes under an id of its own choosing, runs some command tasks of one size, acknowledges
 * what it hears, and tears itself down with exit status 0 once all have finished and every end is acknowledged. The client
 * serves one stream; when that ends, the next is opened at the next of the masters, as the same framework.
 *
 * <p>Usage: WaitingTasks MASTERS TASKS COMMAND, where MASTERS are host:port, divided by commas. Prints a line per fact, which
 * begins with @.
 */
final class WaitingTasks {
  private static final double CPUS = 1;
  private static final double MEM = 32;
  private static final long PAUSE_MS = 300;

  private final FrameworkID id = FrameworkID.newBuilder().setValue("chosen-" + UUID.randomUUID()).build();
  /** By name, the last that was heard. */
  private final Map<String, TaskState> states = new ConcurrentHashMap<>();
  private final Map<String, TaskState> acknowledged = new ConcurrentHashMap<>();
  /** Calls that answer no event. */
  private final PublishSubject<SinkOperation<Call>> unprompted = PublishSubject.create();
  private final int wanted;
  private final String command;
  private volatile boolean leaving;

  private WaitingTasks(final int wanted, final String command) {
    this.wanted = wanted;
    this.command = command;
  }

  public static void main(final String... args) throws InterruptedException {
    final WaitingTasks framework = new WaitingTasks(Integer.parseInt(args[1]), args[2]);
    final String[] masters = args[0].split(",");
    for (int i = 0; ; i = (i + 1) % masters.length) {
      try {
        framework.stream(URI.create("http://" + masters[i] + "/api/v1/scheduler"));
        say("stream ended");
      } catch (Throwable e) {
        say("stream failed: " + e);
      }
      // The master ends the stream of a framework that it tears down.
      if (framework.leaving) end(0, "all finished");
      Thread.sleep(PAUSE_MS);
    }
  }

  private static void say(final String fact) {
    System.out.println("@" + fact);
  }

  private static void end(final int status, final String why) {
    say(why);
    System.exit(status);
  }

  /** Opens the stream of events and blocks until it ends. */
  private void stream(final URI master) throws Throwable {
    final FrameworkInfo info = FrameworkInfo.newBuilder()
        .setId(id)
        .setUser(System.getProperty("user.name"))
        .setName("mesos-rxjava")
        .setFailoverTimeout(600)
        .setRole("*")
        .build();
    ProtobufMesosClientBuilder.schedulerUsingProtos()
        .mesosUri(master)
        .applicationUserAgentEntry(literal("waiting-tasks", "1"))
        .subscribe(SchedulerCalls.subscribe(id, info))
        .processStream(events -> events.flatMap(event -> Observable.from(react(event))).mergeWith(unprompted).map(Optional::of))
        .build()
        .openStream()
        .await();
  }

  private List<SinkOperation<Call>> react(final Event event) {
    final List<SinkOperation<Call>> calls = new ArrayList<>();
    switch (event.getType()) {
      case SUBSCRIBED:
        say("subscribed " + event.getSubscribed().getFrameworkId().getValue());
        if (!states.isEmpty()) calls.add(sink(call(Call.Type.RECONCILE).setReconcile(Call.Reconcile.newBuilder()).build()));
        break;
      case OFFERS:
        event.getOffers().getOffersList().forEach(offer -> calls.add(sink(answer(offer))));
        break;
      case UPDATE:
        heard(event.getUpdate().getStatus()).ifPresent(calls::add);
        break;
      case ERROR:
        end(1, "error " + event.getError().getMessage());
        break;
      default:
        break;
    }
    return calls;
  }

  private Call.Builder call(final Call.Type type) {
    return Call.newBuilder().setFrameworkId(id).setType(type);
  }

  /** As many tasks as are wanted and have room in what belongs to no role; an empty launch declines. */
  private Call answer(final Offer offer) {
    final Offer.Operation.Launch.Builder launch = Offer.Operation.Launch.newBuilder();
    double cpus = unreserved(offer, "cpus");
    double mem = unreserved(offer, "mem");
    for (; states.size() < wanted && cpus >= CPUS && mem >= MEM; cpus -= CPUS, mem -= MEM) {
      final String name = "task-" + (states.size() + 1);
      states.put(name, TaskState.TASK_STAGING);
      launch.addTaskInfos(TaskInfo.newBuilder()
          .setName(name)
          .setTaskId(TaskID.newBuilder().setValue(name))
          .setAgentId(offer.getAgentId())
          .setCommand(CommandInfo.newBuilder().setValue(command))
          .addResources(scalar("cpus", CPUS))
          .addResources(scalar("mem", MEM)));
    }
    final Offer.Operation operation =
        Offer.Operation.newBuilder().setType(Offer.Operation.Type.LAUNCH).setLaunch(launch).build();
    return call(Call.Type.ACCEPT)
        .setAccept(Call.Accept.newBuilder().addOfferIds(offer.getId()).addOperations(operation))
        .build();
  }

  private static double unreserved(final Offer offer, final String name) {
    return offer.getResourcesList().stream()
        .filter(resource -> resource.getName().equals(name) && resource.getRole().equals("*"))
        .mapToDouble(resource -> resource.getScalar().getValue())
        .sum();
  }

  private static Resource scalar(final String name, final double value) {
    return Resource.newBuilder()
        .setName(name)
        .setRole("*")
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(value))
        .build();
  }

  /** Answers of a reconciliation have no uuid and are not acknowledged. */
  private Optional<SinkOperation<Call>> heard(final TaskStatus status) {
    final String name = status.getTaskId().getValue();
    final TaskState state = status.getState();
    say(name + " " + state + (status.hasUuid() ? "" : " (reconciled)"));
    states.put(name, state);
    if (state == TaskState.TASK_FAILED || state == TaskState.TASK_LOST || state == TaskState.TASK_ERROR) {
      end(1, "a task did not finish: " + status.getMessage());
    }
    if (!status.hasUuid()) return Optional.empty();
    final Call acknowledgement =
        SchedulerCalls.ackUpdate(id, status.getUuid(), status.getAgentId(), status.getTaskId());
    return Optional.of(sink(acknowledgement, () -> acknowledged(name, state), e -> say("not acknowledged: " + e)));
  }

  private void acknowledged(final String name, final TaskState state) {
    say(name + " acknowledged " + state);
    acknowledged.put(name, state);
    final long finished = acknowledged.values().stream().filter(last -> last == TaskState.TASK_FINISHED).count();
    if (finished < wanted || leaving) return;
    leaving = true;
    unprompted.onNext(sink(call(Call.Type.TEARDOWN).build(), () -> end(0, "all finished"), e -> end(1, "kept: " + e)));
  }
}
