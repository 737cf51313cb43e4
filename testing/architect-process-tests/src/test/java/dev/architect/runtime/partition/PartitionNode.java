package dev.architect.runtime.partition;

import dev.architect.Architect;
import dev.architect.attempt.FencingToken;
import dev.architect.cluster.Cluster;
import dev.architect.error.StoreException;
import dev.architect.event.Event;
import dev.architect.node.NodeRole;
import dev.architect.provider.openai.OpenAiProvider;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.store.postgres.PostgresStore;
import dev.architect.task.PoolLimits;
import dev.architect.transport.jgroups.JGroupsTransport;
import dev.architect.transport.jgroups.TransportTls;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A node of a cluster in a process of its own, on a machine of its own. It prints a line for everything that is certain, with times of the
 * machine's monotonic clock, which all namespaces share: {@code joined}, {@code ended} for each attempt, {@code role} for each time that the store
 * has confirmed a role, {@code ready} when that changes, {@code unseen} with the number of nodes that do not see each other. It
 * ends with its input.
 */
final class PartitionNode {

    /** The tasks that it performs. */
    static final String EFFECT = "effect";

    /** Each node tries to get all of them. */
    static final List<String> ROLES = List.of("cron", "retention", "forecast");

    private static final Duration PAUSE = Duration.ofMillis(250);

    /** A node is ready while the store has taken a beat not longer ago, and its engine is well. */
    private static final Duration READY_BEAT = Duration.ofSeconds(3);

    private final Map<String, String> options = new HashMap<>();
    private final AtomicLong incarnation = new AtomicLong();
    private final CountDownLatch ended = new CountDownLatch(1);

    private PartitionNode(String... arguments) {
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            options.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
    }

    /** Runs until its input ends. */
    public static void main(String[] arguments) throws Exception {
        new PartitionNode(arguments).run();
    }

    private void run() throws Exception {
        PostgresStore store = PostgresStore.builder(options.get("store"))
                .user(options.get("user"))
                .password(options.get("password"))
                .connections(6)
                .busyTimeout(Duration.ofSeconds(5))
                .open();
        String secret = options.get("secret");
        JGroupsTransport transport = JGroupsTransport.builder("partition")
                .bindAddress(InetAddress.getByName(options.get("address")))
                .port(Integer.parseInt(options.get("port")))
                .tls(TransportTls.of(Path.of(options.get("keys")), secret, Path.of(options.get("trust")), secret))
                .peers(List.of(options.get("peers").split(",")))
                .build();
        Cluster cluster = Cluster.builder(store)
                .transport(transport)
                .nodeName(options.get("name"))
                .build();
        try (Architect architect = Architect.builder()
                .store(cluster.store())
                .nodeName(options.get("name"))
                // None of its tasks asks a model.
                .provider(OpenAiProvider.builder(name -> Optional.of("unused"))
                        .baseUrl(URI.create("http://127.0.0.1:1"))
                        .build())
                .router(CostAwareRouter.with(RoutingPolicy.standard()))
                .worker(new EffectWorker(URI.create(options.get("effects"))))
                .pool(new PoolLimits(1, 1, Integer.parseInt(options.get("slots"))))
                .listener(this::print)
                .build()) {
            Thread roles = new Thread(() -> takeRoles(store), "roles");
            Thread states = new Thread(() -> printStates(architect, cluster), "states");
            roles.setDaemon(true);
            states.setDaemon(true);
            roles.start();
            states.start();
            while (System.in.read() >= 0) {
                continue;
            }
            ended.countDown();
        }
        print("closed");
    }

    private void takeRoles(PostgresStore store) {
        try {
            while (!ended.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                for (String name : ROLES) {
                    long before = System.nanoTime();
                    try {
                        Optional<NodeRole> role = incarnation.get() == 0
                                ? Optional.empty()
                                : store.cluster().takeRole(name, incarnation.get());
                        role.ifPresent(taken -> print("role " + name + " " + taken.epoch() + " " + taken.holder() + " "
                                + before + " " + System.nanoTime()));
                    } catch (StoreException cut) {
                        print("roles-failed " + cut.kind());
                    }
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void printStates(Architect architect, Cluster cluster) {
        Boolean wasReady = null;
        int wasUnseen = -1;
        try {
            while (!ended.await(100, TimeUnit.MILLISECONDS)) {
                boolean isReady = !architect.health().isDegraded()
                        && cluster.view()
                                .store()
                                .sinceBeat()
                                .filter(since -> since.compareTo(READY_BEAT) < 0)
                                .isPresent();
                if (wasReady == null || wasReady != isReady) {
                    print("ready " + isReady + " " + System.nanoTime());
                    wasReady = isReady;
                }
                int unseen = cluster.view().unseen().size();
                if (unseen != wasUnseen) {
                    print("unseen " + unseen + " " + System.nanoTime());
                    wasUnseen = unseen;
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void print(Event event) {
        if (event instanceof Event.NodeJoined joined) {
            incarnation.set(joined.incarnation());
            print("joined " + joined.incarnation() + " " + System.nanoTime());
        } else if (event instanceof Event.TaskAttemptEnded attempt) {
            FencingToken token = attempt.fencingToken();
            print("ended " + token.id() + " " + token.epoch() + " " + attempt.outcome() + " " + System.nanoTime());
        }
    }

    private static void print(String line) {
        synchronized (System.out) {
            System.out.println(line);
            System.out.flush();
        }
    }

    /** Requests an effect from a server that knows by the fencing token which attempt it came from. */
    private static final class EffectWorker implements Worker {

        private final HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
        private final URI effects;

        private EffectWorker(URI effects) {
            this.effects = effects;
        }

        @Override
        public Set<String> types() {
            return Set.of(EFFECT);
        }

        @Override
        public String perform(TaskContext context) throws Exception {
            FencingToken token = context.fencingToken();
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(effects.resolve("/" + token.id() + "/" + token.epoch()))
                            .timeout(Duration.ofSeconds(20))
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return "effect " + answer.statusCode();
        }
    }
}
