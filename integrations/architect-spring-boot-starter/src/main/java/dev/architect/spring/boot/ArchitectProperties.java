package dev.architect.spring.boot;

import dev.architect.ArchitectBuilder;
import dev.architect.maintenance.TaskRetention;
import dev.architect.model.ModelId;
import dev.architect.runtime.ProviderConfiguration;
import dev.architect.task.PoolLimits;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code architect.*}. Names are those of Architect's configuration file where that has them. Immutable.
 *
 * @param enabled whether the beans of Architect are made at all
 * @param nodeName the node's name for people; the name of the application by default
 * @param policy where the routing policy is, for example classpath:routing.yaml; the standard policy by default
 * @param maxAsyncRequests the most asynchronous requests at a time
 * @param store where tasks, ledger and activity are stored
 * @param providers the providers that take part, by name; when none is listed, every adapter whose key is set
 * @param chatModels what the policy is to know of the chat models of LangChain4j and Spring AI, by the names of their beans
 * @param pool how many tasks this node runs at a time
 * @param tasks how tasks are submitted, performed and kept
 */
@ConfigurationProperties("architect")
public record ArchitectProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String nodeName,
        @Nullable String policy,
        @DefaultValue("1000") int maxAsyncRequests,
        @DefaultValue StoreProperties store,
        @DefaultValue Map<String, ProviderProperties> providers,
        @DefaultValue Map<String, ChatModelProperties> chatModels,
        @DefaultValue PoolProperties pool,
        @DefaultValue TaskProperties tasks) {

    /** Copies the maps and checks the numbers. */
    public ArchitectProperties {
        providers = Map.copyOf(providers);
        chatModels = Map.copyOf(chatModels);
        if (maxAsyncRequests < 1) {
            throw new IllegalArgumentException("maxAsyncRequests is " + maxAsyncRequests + ", expected 1 or more");
        }
    }

    /** Where everything is stored that outlives the process. */
    public enum StoreType {
        /** The SQLite file when one is named, else the database of the DataSource. */
        AUTO,
        /** The PostgreSQL database of the DataSource. */
        POSTGRES,
        /** The SQLite file that is named, else the one of the DataSource. */
        SQLITE,
        /** Memory: nothing survives the process. */
        MEMORY
    }

    /** What a submission does without a transaction. */
    public enum Propagation {
        /** It joins the current transaction; without one, the tasks are stored at once. */
        SUPPORTS,
        /** It joins the current transaction; without one, it is refused. */
        MANDATORY
    }

    /**
     * The store.
     *
     * @param type which kind of store
     * @param dataSource name of the DataSource bean, for a host that has several
     * @param sqlite what a SQLite store needs to know
     * @param postgres what a PostgreSQL store needs to know
     */
    public record StoreProperties(
            @DefaultValue("auto") StoreType type,
            @Nullable String dataSource,
            @DefaultValue SqliteProperties sqlite,
            @DefaultValue PostgresProperties postgres) {}

    /**
     * A SQLite store.
     *
     * @param file the database file; created when it is missing, and so is its directory
     */
    public record SqliteProperties(@Nullable Path file) {}

    /**
     * A PostgreSQL store in the database of the DataSource.
     *
     * @param schema the schema of the tables; that of the connections by default
     * @param listenUrl JDBC address of the database itself, for LISTEN behind a pooler of transactions
     * @param migrate whether the tables are created and upgraded at the start; else they are only checked
     * @param connections how many connections of the DataSource are used at a time, 5 to 500; at most all but one of a pool
     */
    public record PostgresProperties(
            @Nullable String schema,
            @Nullable String listenUrl,
            @DefaultValue("true") boolean migrate,
            @Nullable Integer connections) {}

    /**
     * A provider of models.
     *
     * @param enabled whether it takes part
     * @param adapter the adapter that calls it, for example openai for a compatible server; its own name by default
     * @param baseUrl the address; the adapter's usual one by default
     * @param keySecret the name of the property or environment variable that holds the key, never a key
     * @param options options of the adapter
     */
    public record ProviderProperties(
            @DefaultValue("true") boolean enabled,
            @Nullable String adapter,
            @Nullable URI baseUrl,
            @Nullable String keySecret,
            @DefaultValue Map<String, String> options) {

        /** Copies the options and checks the address. */
        public ProviderProperties {
            options = Map.copyOf(options);
            if (baseUrl != null && (baseUrl.getHost() == null || !isHttp(baseUrl.getScheme()))) {
                throw new IllegalArgumentException(
                        "baseUrl is '" + baseUrl + "', expected an address such as http://localhost:1234");
            }
        }

        private static boolean isHttp(@Nullable String scheme) {
            return "http".equals(scheme) || "https".equals(scheme);
        }

        /** What an empty entry, such as {@code architect.providers.claude=}, states: nothing but that the provider takes part. */
        public static ProviderProperties of(String empty) {
            if (!empty.isBlank()) {
                // Not repeated: it might be a key.
                throw new IllegalArgumentException(
                        "a text is no provider, expected adapter, baseUrl, keySecret or options");
            }
            return new ProviderProperties(true, null, null, null, Map.of());
        }

        ProviderConfiguration configuration(String name) {
            return new ProviderConfiguration(
                    name,
                    adapter == null ? name : adapter,
                    Optional.ofNullable(baseUrl),
                    Optional.ofNullable(keySecret),
                    options);
        }
    }

    /**
     * A chat model of LangChain4j or Spring AI.
     *
     * @param model what the model is called in the policy and in the ledger, provider/model; langchain4j or spring-ai and the name of its bean by
     *     default
     * @param quality how good its answers are, 0 to 100; adds the model to the policy
     * @param contextTokens prompt and answer together; adds the model to the policy
     */
    public record ChatModelProperties(
            @Nullable String model,
            @Nullable Integer quality,
            @Nullable Integer contextTokens) {

        /** Checks the name, and that quality and context come together. */
        public ChatModelProperties {
            if (model != null) {
                ModelId.parse(model);
            } else if (quality != null || contextTokens != null) {
                throw new IllegalArgumentException("model is missing, expected provider/model");
            }
            if ((quality == null) != (contextTokens == null)) {
                throw new IllegalArgumentException(
                        (quality == null ? "quality" : "contextTokens") + " is missing, expected both or neither");
            }
        }
    }

    /**
     * The session pool of this node.
     *
     * @param minSessions sessions that are always there, 1 to 100
     * @param maxSessions the most sessions, 1 to 100
     * @param slotsPerSession how many tasks one session runs at once, 1 to 128
     */
    public record PoolProperties(
            @Nullable Integer minSessions,
            @DefaultValue("10") int maxSessions,
            @DefaultValue("128") int slotsPerSession) {

        /** Checks the limits. */
        public PoolProperties {
            limits(minSessions, maxSessions, slotsPerSession);
        }

        PoolLimits limits() {
            return limits(minSessions, maxSessions, slotsPerSession);
        }

        /** The usual minimum must not contradict a smaller maximum. */
        private static PoolLimits limits(@Nullable Integer least, int most, int slots) {
            int usual = Math.min(PoolLimits.DEFAULT.minSessions(), Math.max(1, most));
            return new PoolLimits(least == null ? usual : least, most, slots);
        }
    }

    /**
     * Tasks.
     *
     * @param perform whether this node performs tasks; one that does not still submits them and sends requests
     * @param propagation what a transactional submission does without a transaction
     * @param stopTimeout how long a stop lets running tasks go on before it hands them back; 20s by default, or four fifths of
     *     spring.lifecycle.timeout-per-shutdown-phase when that is shorter
     * @param outageLimit how long a task waits for unavailable providers before it is dead
     * @param retention how long ended tasks are kept
     */
    public record TaskProperties(
            @DefaultValue("true") boolean perform,
            @DefaultValue("supports") Propagation propagation,
            @Nullable Duration stopTimeout,
            @DefaultValue("24h") Duration outageLimit,
            @DefaultValue RetentionProperties retention) {

        private static final Duration LONGEST_STOP = Duration.ofHours(1);

        /** Checks the times. */
        public TaskProperties {
            if (stopTimeout != null && (stopTimeout.isNegative() || stopTimeout.compareTo(LONGEST_STOP) > 0)) {
                throw new IllegalArgumentException(
                        "stopTimeout is " + stopTimeout + ", expected zero to " + LONGEST_STOP);
            }
            if (outageLimit.isNegative() || outageLimit.isZero()) {
                throw new IllegalArgumentException("outageLimit is " + outageLimit + ", expected more than zero");
            }
        }

        /** How long a stop takes at most for running tasks when a phase of the shutdown takes {@code phase}. */
        Duration stopTimeoutWithin(Duration phase) {
            if (stopTimeout != null) {
                return stopTimeout;
            }
            Duration share = phase.multipliedBy(4).dividedBy(5);
            return share.compareTo(ArchitectBuilder.DEFAULT_STOP_TIMEOUT) < 0
                    ? share
                    : ArchitectBuilder.DEFAULT_STOP_TIMEOUT;
        }
    }

    /**
     * How long ended tasks are kept, one minute or more; -1 for ever.
     *
     * @param done how long a task with a result is kept
     * @param cancelled how long a cancelled task is kept
     * @param dead how long a dead task is kept
     */
    public record RetentionProperties(
            @DefaultValue("7d") Duration done,
            @DefaultValue("7d") Duration cancelled,
            @DefaultValue("30d") Duration dead) {

        /** Checks the times. */
        public RetentionProperties {
            retention(done, cancelled, dead);
        }

        TaskRetention retention() {
            return retention(done, cancelled, dead);
        }

        private static TaskRetention retention(Duration done, Duration cancelled, Duration dead) {
            return new TaskRetention(kept(done), kept(cancelled), kept(dead));
        }

        private static Duration kept(Duration time) {
            return time.isNegative() ? TaskRetention.FOREVER : time;
        }
    }
}
