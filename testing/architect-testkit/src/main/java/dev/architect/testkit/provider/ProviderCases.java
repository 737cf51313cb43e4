package dev.architect.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.simulator.ProviderSimulator;
import dev.architect.simulator.log.SimulatedCall;
import dev.architect.simulator.script.ProviderScript;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.SecretSource;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A simulator, the adapter that calls it with the right key, and short ways to say what happens between them. */
@Timeout(60)
abstract class ProviderCases {

    static final String KEY = "sk-contract-5Ecr3t";
    static final String PROMPT = "Why does the quick brown fox jump over the lazy dog?";
    static final Duration PATIENCE = Duration.ofSeconds(20);

    final ModelProviderContract contract;
    private final List<ModelProvider> opened = new ArrayList<>();
    private @Nullable ProviderSimulator started;
    private @Nullable ModelProvider usual;

    ProviderCases(ModelProviderContract contract) {
        this.contract = contract;
    }

    @BeforeEach
    void start() throws IOException {
        started = ProviderSimulator.start(contract.script().with(contract.dialect(), one -> one.withApiKey(KEY)));
        usual = open(name -> Optional.of(KEY));
    }

    @AfterEach
    void stop() {
        opened.forEach(ModelProvider::close);
        if (started != null) {
            started.close();
        }
        assertThat(Thread.interrupted())
                .as("the case leaves no interrupt behind")
                .isFalse();
    }

    ProviderSimulator simulator() {
        if (started == null) {
            throw new IllegalStateException("simulator is not started, expected started");
        }
        return started;
    }

    ModelProvider provider() {
        if (usual == null) {
            throw new IllegalStateException("provider is not open, expected open");
        }
        return usual;
    }

    ModelProvider open(SecretSource secrets) {
        return openAt(simulator().baseUrl(contract.dialect()), secrets);
    }

    ModelProvider openAt(URI url, SecretSource secrets) {
        return closedAfterwards(contract.open(url, secrets));
    }

    ModelProvider closedAfterwards(ModelProvider provider) {
        opened.add(provider);
        return provider;
    }

    /** A URL of the simulator's form at which nobody listens. */
    URI deserted() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String url = simulator().baseUrl(contract.dialect()).toString();
            return URI.create(url.replace(":" + simulator().port(), ":" + free.getLocalPort()));
        }
    }

    void given(UnaryOperator<ProviderScript> change) {
        simulator().update(script -> script.with(contract.dialect(), change));
    }

    ProviderCall call(ChatRequest request) {
        return new ProviderCall(contract.model(), request, PATIENCE);
    }

    ProviderCall call() {
        return call(ChatRequest.of(PROMPT));
    }

    ProviderAnswer chat() {
        return provider().chat(call());
    }

    /**
     * Asks the model that the contract names for {@code feature}. A model that lacks something of what the request needs must
     * refuse it, whole and streamed, before anything is sent; then there is no answer.
     */
    Optional<ProviderAnswer> ask(Capability feature, ChatRequest request) {
        ProviderCall call = call(feature, request);
        return isRefused(call) ? Optional.empty() : Optional.of(provider().chat(call));
    }

    /** As {@link #ask}, streamed to {@code listener}. */
    Optional<ProviderAnswer> listen(Capability feature, ChatRequest request, ChatListener listener) {
        ProviderCall call = call(feature, request);
        return isRefused(call, Capability.STREAMING)
                ? Optional.empty()
                : Optional.of(provider().stream(call, listener));
    }

    /** Whether the model lacks something of what the call needs; then it is held to its refusal. */
    private boolean isRefused(ProviderCall call, Capability... also) {
        EnumSet<Capability> lacking = EnumSet.noneOf(Capability.class);
        lacking.addAll(call.request().requiredCapabilities());
        lacking.addAll(List.of(also));
        lacking.removeAll(provider().capabilities(call.model()));
        if (lacking.isEmpty()) {
            return false;
        }
        int callsBefore = simulator().log().size();
        if (!lacking.equals(Set.of(Capability.STREAMING))) {
            assertLacks(lacking, () -> provider().chat(call));
        }
        assertLacks(lacking, () -> provider().stream(call, piece -> {}));
        assertThat(simulator().log()).hasSize(callsBefore);
        return true;
    }

    /** Checks that a call is refused for the lack of one of these, before anything is sent. */
    void assertLacks(Set<Capability> lacking, Runnable call) {
        ProviderException failure = failure(call);
        assertThat(failure.kind()).as(failure.toString()).isEqualTo(FailureKind.UNSUPPORTED);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
        assertThat(lacking)
                .as(failure.toString())
                .anyMatch(capability -> String.valueOf(failure.getMessage()).contains(capability.name()));
    }

    ProviderCall call(Capability feature, ChatRequest request) {
        return new ProviderCall(contract.model(feature), request, PATIENCE);
    }

    boolean can(Capability feature) {
        return provider().capabilities(contract.model(feature)).contains(feature);
    }

    static ProviderException failure(Runnable call) {
        ProviderException failure = catchThrowableOfType(ProviderException.class, call::run);
        assertThat(failure).as("the call fails with a ProviderException").isNotNull();
        return failure;
    }

    void assertFails(FailureKind kind, Runnable call) {
        ProviderException failure = failure(call);
        assertThat(failure.kind()).as(failure.toString()).isEqualTo(kind);
        assertThat(failure.model().provider()).isEqualTo(contract.provider());
    }

    /** The only call that the simulator has received. */
    SimulatedCall received() {
        assertThat(simulator().log()).hasSize(1);
        return simulator().log().get(0);
    }

    /** Compares what the adapter read with what the simulator counted. */
    void assertUsage(ProviderAnswer answer, SimulatedCall call) {
        TokenUsage usage = answer.usage();
        assertThat(usage.promptTokens()).isEqualTo(call.promptTokens());
        assertThat(usage.completionTokens()).isEqualTo(call.outputTokens());
        assertThat(answer.usageSource()).isEqualTo(contract.usageSource());
        if (contract.reportsCache()) {
            assertThat(usage.count(UsageBucket.CACHE_READ)).isEqualTo(call.cacheReadTokens());
            assertThat(usage.count(UsageBucket.CACHE_WRITE_5M)
                            + usage.count(UsageBucket.CACHE_WRITE_1H)
                            + usage.count(UsageBucket.CACHE_WRITE))
                    .isEqualTo(call.cacheWriteTokens());
        }
        assertThat(usage.count(UsageBucket.REASONING_IN_OUTPUT) + usage.count(UsageBucket.REASONING))
                .isEqualTo(contract.reportsReasoning() ? call.reasoningTokens() : 0);
        assertThat(usage.count(UsageBucket.WEB_SEARCH)).isEqualTo(call.searches());
    }
}
