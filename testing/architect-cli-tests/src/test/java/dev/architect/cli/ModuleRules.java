package dev.architect.cli;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The table of modules: which artifact may depend on which others, and what none of its classes refers to. */
final class ModuleRules {
    private static final String CORE = "architect-core";

    /**
     * Packages of the core that act: they use threads of the runner, time of {@code TimeSource} and data of {@code Store}.
     * Every other package of the core holds values and the SPI.
     */
    private static final Set<String> ACTING = Set.of(
            "dev.architect",
            "dev.architect.activity",
            "dev.architect.gateway",
            "dev.architect.job.export",
            "dev.architect.job.ledger",
            "dev.architect.ledger",
            "dev.architect.loop",
            "dev.architect.routing",
            "dev.architect.schedule",
            "dev.architect.thread");

    /** The classes that may read a clock, draw a random number, sleep or make a thread. */
    static final List<String> SOURCES_OF_TIME_AND_THREADS =
            List.of("dev.architect.spi.SystemTimeSource", "dev.architect.thread.ThreadRunner");

    private static final Pattern SQL = Pattern.compile("javax?\\.sql\\..*|org\\.jdbi\\..*|org\\.sqlite\\..*");
    private static final Pattern NETWORK = Pattern.compile(
            "java\\.net\\.(?!URI|URLEncoder|URLDecoder).*"
                    + "|javax\\.net\\..*|com\\.sun\\.net\\..*|java\\.nio\\.channels\\.(?!.*File).*|okhttp3\\..*|io\\.javalin\\..*");
    private static final Pattern FILE =
            Pattern.compile("java\\.nio\\.file\\..*|java\\.io\\.(File|RandomAccessFile).*|java\\.lang\\.Process.*");
    private static final Pattern STREAM = Pattern.compile("java\\.io\\.(?!Serializable).*|java\\.nio\\.channels\\..*");
    private static final Pattern LOGGING = Pattern.compile("org\\.slf4j\\..*|java\\.util\\.logging\\..*");
    private static final Pattern THREAD = Pattern.compile("java\\.lang\\.Thread.*|java\\.time\\.Clock"
            + "|java\\.util\\.Timer.*|java\\.util\\.concurrent\\.(.*Execut.*|ForkJoin.*|CompletableFuture|locks\\..*)");
    private static final Pattern ENGINE =
            Pattern.compile("dev\\.architect\\.(Architect|activity\\..*|schedule\\..*|ledger\\..*)");
    private static final Pattern ENGINE_BEHIND_FACADE =
            Pattern.compile("dev\\.architect\\.(activity|gateway|schedule|ledger)\\..*");
    private static final Pattern RUNNER = Pattern.compile("dev\\.architect\\.thread\\..*");
    private static final Pattern ROUTING_PRICES_STORAGE =
            Pattern.compile("dev\\.architect\\.(spi\\.(Router|\\w*Store)|cost\\.Price\\w*)");

    private static final Map<String, Pattern> TIME_RANDOMNESS_THREADS = Map.ofEntries(
            Map.entry("java.lang.System", Pattern.compile("currentTimeMillis|nanoTime")),
            Map.entry("java.lang.Math", Pattern.compile("random")),
            Map.entry("java.lang.Thread", Pattern.compile("<init>|sleep|ofVirtual|ofPlatform|startVirtualThread")),
            Map.entry("java.time.Clock", Pattern.compile(".*")),
            Map.entry("java.util.Random", Pattern.compile("<init>")),
            Map.entry("java.util.SplittableRandom", Pattern.compile("<init>")),
            Map.entry("java.util.Timer", Pattern.compile("<init>")),
            Map.entry("java.util.UUID", Pattern.compile("randomUUID")),
            Map.entry("java.util.concurrent.CompletableFuture", Pattern.compile(".*Async|delayedExecutor|orTimeout")),
            Map.entry("java.util.concurrent.Executors", Pattern.compile(".*")),
            Map.entry("java.util.concurrent.ForkJoinPool", Pattern.compile("<init>|commonPool")),
            Map.entry("java.util.concurrent.ScheduledThreadPoolExecutor", Pattern.compile("<init>")),
            Map.entry("java.util.concurrent.ThreadLocalRandom", Pattern.compile(".*")),
            Map.entry("java.util.concurrent.ThreadPoolExecutor", Pattern.compile("<init>")),
            Map.entry("java.util.concurrent.TimeUnit", Pattern.compile("sleep")),
            Map.entry("java.util.random.RandomGenerator", Pattern.compile("of|getDefault")));

    /** Adapters are found through ServiceLoader, so the assembly names none but the embedded store. */
    private static final Set<String> RUNTIME_USES =
            Set.of("architect-runtime", CORE, "architect-router", "architect-cluster", "architect-store-sqlite");

    /** What a Spring Boot application may have; adapters are found by the runtime. */
    private static final Set<String> STARTER_USES = Set.of(
            "architect-spring-boot-starter",
            CORE,
            "architect-router",
            "architect-runtime",
            "architect-store-sqlite",
            "architect-store-postgres",
            "architect-store-memory",
            "architect-micrometer",
            "architect-langchain4j",
            "architect-spring-ai");

    /** {@code gaia -p} runs without the server's jars, so one class alone may need them. */
    private static final String SERVER_STARTER = "dev.architect.cli.launch.LocalServer";

    private static final Pattern SERVER =
            Pattern.compile("dev\\.architect\\.server\\..*|io\\.javalin\\..*|org\\.eclipse\\.jetty\\..*"
                    + "|io\\.prometheus\\..*|io\\.micrometer\\.prometheusmetrics\\..*");

    /** {@code gaia cluster demo} alone needs a PostgreSQL server of its own, and one class of it. */
    private static final String DATABASE_STARTER = "dev.architect.cli.cluster.DemoDatabase";

    private static final Pattern DATABASE_SERVER = Pattern.compile("dev\\.architect\\.postgres\\..*");

    private ModuleRules() {}

    /** Whether classes of one artifact may name classes of another. */
    static boolean mayDependOn(String from, String to) {
        if (from.equals("architect-simulator")) {
            return to.equals(from);
        }
        if (to.equals("architect-testkit")) {
            return from.equals(to);
        }
        if (from.equals("architect-runtime")) {
            return RUNTIME_USES.contains(to);
        }
        if (from.equals("architect-spring-boot-starter")) {
            return STARTER_USES.contains(to);
        }
        return from.equals(to) || isFreeToWire(from) || to.equals(CORE) || to.equals(sharedHalfOf(from));
    }

    /** Tools and the server wire the others together, so they may use anything. */
    private static boolean isFreeToWire(String artifact) {
        return artifact.matches("architect-(cli|mcp.*|server-.*)");
    }

    /** The artifact that holds what a family of adapters has in common. */
    private static String sharedHalfOf(String artifact) {
        if (isBridge(artifact)) {
            return "architect-library-bridge";
        }
        if (artifact.startsWith("architect-provider-")) {
            return "architect-provider-http";
        }
        if (artifact.equals("architect-testkit")) {
            return "architect-simulator";
        }
        return artifact.startsWith("architect-store-") ? "architect-store-jdbi" : "";
    }

    /** Adapters to other libraries than vendors' services; through them Architect is a model of that library, too. */
    private static boolean isBridge(String artifact) {
        return artifact.matches("architect-(langchain4j|spring-ai|library-bridge)");
    }

    /** What a class must not refer to, as patterns over the full names of other classes. */
    static List<Pattern> forbiddenReferences(String artifact, JavaClass type) {
        if (artifact.equals(CORE)) {
            return isActing(type) ? List.of(SQL, NETWORK, FILE) : forbiddenForValues(type);
        }
        if (artifact.startsWith("architect-provider-") || isBridge(artifact)) {
            Pattern engine = isBridge(artifact) ? ENGINE_BEHIND_FACADE : ENGINE;
            return List.of(SQL, FILE, engine, ROUTING_PRICES_STORAGE);
        }
        if (artifact.startsWith("architect-store-")) {
            return List.of(NETWORK, ENGINE);
        }
        if (artifact.startsWith("architect-transport-")) {
            return List.of(SQL, ENGINE, ROUTING_PRICES_STORAGE);
        }
        if (artifact.matches("architect-(router|planner|insight|cluster)")) {
            return List.of(SQL, NETWORK);
        }
        if (artifact.equals("architect-spring-boot-starter")) {
            return List.of(NETWORK, ENGINE_BEHIND_FACADE);
        }
        return List.of();
    }

    private static boolean isActing(JavaClass type) {
        return ACTING.contains(type.getPackageName());
    }

    private static List<Pattern> forbiddenForValues(JavaClass type) {
        List<Pattern> ioAndLogging = List.of(SQL, NETWORK, FILE, STREAM, LOGGING, ENGINE);
        return isSourceOfTimeOrThreads(type)
                ? ioAndLogging
                : Stream.concat(ioAndLogging.stream(), Stream.of(THREAD, RUNNER))
                        .toList();
    }

    /** The places outside {@code LocalServer} where a class of the command line refers to the server or to what it runs on. */
    static Stream<String> touchesServer(JavaClass type) {
        return type.getName().equals(SERVER_STARTER) ? Stream.empty() : uses(type, List.of(SERVER));
    }

    /** The places outside {@code DemoDatabase} where a class refers to the server that the demo of a cluster starts. */
    static Stream<String> touchesDatabaseServer(JavaClass type) {
        return type.getName().equals(DATABASE_STARTER) ? Stream.empty() : uses(type, List.of(DATABASE_SERVER));
    }

    static boolean isSourceOfTimeOrThreads(JavaClass type) {
        return SOURCES_OF_TIME_AND_THREADS.stream()
                .anyMatch(name -> type.getName().equals(name) || type.getName().startsWith(name + "$"));
    }

    /** The places where a class names something that one of the patterns forbids. */
    static Stream<String> uses(JavaClass type, List<Pattern> forbidden) {
        return type.getDirectDependenciesFromSelf().stream()
                .filter(use -> forbidden.stream()
                        .anyMatch(pattern -> pattern.matcher(use.getTargetClass()
                                        .getBaseComponentType()
                                        .getName())
                                .matches()))
                .map(use -> use.getDescription());
    }

    /** The places where a class takes time, randomness or threads past the SPI. */
    static Stream<String> takesTimeRandomnessOrThreads(JavaClass type) {
        return type.getCodeUnitAccessesFromSelf().stream()
                .filter(access -> isTimeRandomnessOrThread(
                        access.getTargetOwner().getName(), access.getTarget().getName()))
                .map(access -> access.getDescription());
    }

    private static boolean isTimeRandomnessOrThread(String owner, String method) {
        Pattern forbidden = TIME_RANDOMNESS_THREADS.get(owner);
        return (owner.startsWith("java.time.") && method.equals("now"))
                || (forbidden != null && forbidden.matcher(method).matches());
    }
}
