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

/** A simulator, the adapter that calls it with the right key, and short methods to configure and call both. */
@Timeout(60)
abstract class ProviderCases {

    static final String KEY = "sk-contract-5Ecr3t";
    static final String PROMPT = "Why does the quick brown fox jump over the lazy dog?";
    static final Duration TIMEOUT = Duration.ofSeconds(20);

    final ModelProviderContract contract;
    private final List<ModelProvider> opened = new ArrayList<>();
    private final List<ClosedPort> closedPorts = new ArrayList<>();
    private @Nullable ProviderSimulator runningSimulator;
    private @Nullable ModelProvider defaultProvider;

    ProviderCases(ModelProviderContract contract) {
        this.contract = contract;
    }

    @BeforeEach
    void start() throws IOException {
        runningSimulator =
                ProviderSimulator.start(contract.script().with(contract.dialect(), one -> one.withApiKey(KEY)));
        defaultProvider = open(name -> Optional.of(KEY));
    }

    @AfterEach
    void stop() {
        opened.forEach(ModelProvider::close);
        closedPorts.forEach(ClosedPort::close);
        if (runningSimulator != null) {
            runningSimulator.close();
        }
        assertThat(Thread.interrupted())
                .as("the case leaves no interrupt behind")
                .isFalse();
    }

    ProviderSimulator simulator() {
        if (runningSimulator == null) {
            throw new IllegalStateException("simulator is not started, expected started");
        }
        return runningSimulator;
    }

    ModelProvider provider() {
        if (defaultProvider == null) {
            throw new IllegalStateException("provider is not open, expected open");
        }
        return defaultProvider;
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

    /** The base URL of the adapter with a port that is closed. */
    URI closedPort() {
        ClosedPort port = new ClosedPort();
        closedPorts.add(port);
        String url = simulator().baseUrl(contract.dialect()).toString();
        return URI.create(url.replace(":" + simulator().port(), ":" + port.number()));
    }

    void configure(UnaryOperator<ProviderScript> change) {
        simulator().update(script -> script.with(contract.dialect(), change));
    }

    ProviderCall call(ChatRequest request) {
        return new ProviderCall(contract.model(), request, TIMEOUT);
    }

    ProviderCall call() {
        return call(ChatRequest.of(PROMPT));
    }

    ProviderAnswer chat() {
        return provider().chat(call());
    }

    /**
     * Calls the model that the contract names for {@code feature}. A model without a required capability must
     * reject the request, whole and streamed, before anything is sent; then the result is empty.
     */
    Optional<ProviderAnswer> chatIfSupported(Capability feature, ChatRequest request) {
        ProviderCall call = call(feature, request);
        return isUnsupported(call) ? Optional.empty() : Optional.of(provider().chat(call));
    }

    /** As {@link #chatIfSupported}, streamed to {@code listener}. */
    Optional<ProviderAnswer> streamIfSupported(Capability feature, ChatRequest request, ChatListener listener) {
        ProviderCall call = call(feature, request);
        return isUnsupported(call, Capability.STREAMING)
                ? Optional.empty()
                : Optional.of(provider().stream(call, listener));
    }

    /** Whether the model lacks a required capability; then checks that it rejects the call. */
    private boolean isUnsupported(ProviderCall call, Capability... additional) {
        EnumSet<Capability> missing = EnumSet.noneOf(Capability.class);
        missing.addAll(call.request().requiredCapabilities());
        missing.addAll(List.of(additional));
        missing.removeAll(provider().capabilities(call.model()));
        if (missing.isEmpty()) {
            return false;
        }
        int callsBefore = simulator().log().size();
        if (!missing.equals(Set.of(Capability.STREAMING))) {
            assertUnsupported(missing, () -> provider().chat(call));
        }
        assertUnsupported(missing, () -> provider().stream(call, chunk -> {}));
        assertThat(simulator().log()).hasSize(callsBefore);
        return true;
    }

    /** Checks that a call is rejected because of one of these capabilities, before anything is sent. */
    void assertUnsupported(Set<Capability> missing, Runnable call) {
        ProviderException failure = failure(call);
        assertThat(failure.kind()).as(failure.toString()).isEqualTo(FailureKind.UNSUPPORTED);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
        assertThat(missing)
                .as(failure.toString())
                .anyMatch(capability -> String.valueOf(failure.getMessage()).contains(capability.name()));
    }

    ProviderCall call(Capability feature, ChatRequest request) {
        return new ProviderCall(contract.model(feature), request, TIMEOUT);
    }

    boolean supports(Capability feature) {
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
    SimulatedCall loggedCall() {
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
