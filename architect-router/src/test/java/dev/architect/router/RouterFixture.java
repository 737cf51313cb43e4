package dev.architect.router;

import dev.architect.attempt.FencingToken;
import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.cost.LedgerEntry;
import dev.architect.event.Event;
import dev.architect.record.RecordStore;
import dev.architect.request.RequestScope;
import dev.architect.router.policy.RetrySettings;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.Router;
import dev.architect.spi.RoutingContext;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.testkit.time.ManualTime;
import dev.architect.usage.TokenUsage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A router over scripted providers, and everything it published and recorded. */
final class RouterFixture implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    /** Three providers: free and weak, cheap and good, dear and best. */
    static final String POLICY = """
            baseline: claude/claude-sonnet-4-6
            requestTimeout: 100s
            callTimeout: 40s
            models:
              - {model: ollama/llama3.2, quality: 45, maxConcurrent: 1, contextTokens: 8192}
              - {model: openai/gpt-4o-mini, quality: 66, maxConcurrent: 4, contextTokens: 128000}
              - {model: claude/claude-sonnet-4-6, quality: 88, maxConcurrent: 4, contextTokens: 1000000}
            """;

    final ManualTime time = new ManualTime(NOW, 5);
    final ScriptedProvider ollama = answering("ollama", "free");
    final ScriptedProvider openai = answering("openai", "cheap");
    final ScriptedProvider claude = answering("claude", "dear");
    final List<LedgerEntry> ledger = new CopyOnWriteArrayList<>();
    final List<Event> events = new CopyOnWriteArrayList<>();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final CostAwareRouter router;

    RouterFixture() {
        this(POLICY, setup -> setup);
    }

    RouterFixture(String policy, UnaryOperator<CostAwareRouter.Builder> more) {
        List<ModelProvider> providers = List.of(ollama, openai, claude);
        this.router = more.apply(CostAwareRouter.with(withoutWaits(policy)).metrics(meters))
                .create(providers, time);
    }

    /** A node of several over the records of one store. */
    RouterFixture(String policy, Optional<RecordStore> records) {
        this.router = CostAwareRouter.with(withoutWaits(policy))
                .metrics(meters)
                .create(new Router.Parts(
                        List.of(ollama, openai, claude), time, Optional.empty(), Optional.empty(), records));
    }

    /** Lets the router read what other nodes were told. */
    void awaitFeedback() throws InterruptedException {
        time.awaitWaiting(1);
        time.advance(FeedbackWatch.INTERVAL);
        time.awaitWaiting(1);
    }

    /** A policy that does not mention repeated calls has none: time stands still unless the test moves it. */
    private static RoutingPolicy withoutWaits(String policy) {
        RoutingPolicy parsed = RoutingPolicy.parse(policy);
        return policy.contains("retry:") ? parsed : parsed.withRetry(RetrySettings.NONE);
    }

    static ScriptedProvider answering(String name, String text) {
        return ScriptedProvider.named(name).always(ScriptedStep.answer(text, TokenUsage.of(100, 10)));
    }

    ChatResponse chat(String prompt) {
        return router.chat(ChatRequest.of(prompt), scope(null, Duration.ofSeconds(90)));
    }

    ChatResponse chat(ChatRequest request) {
        return router.chat(request, scope(null, Duration.ofSeconds(90)));
    }

    ChatResponse stream(String prompt, ChatListener listener) {
        return router.chat(ChatRequest.of(prompt), scope(listener, Duration.ofSeconds(90)));
    }

    RoutingContext scope(@Nullable ChatListener listener, Duration timeout) {
        return new RoutingContext(
                RequestScope.create().withTimeout(timeout),
                Optional.empty(),
                Optional.ofNullable(listener),
                ledger::add,
                events::add);
    }

    RoutingContext scope(RequestScope scope, Optional<FencingToken> attempt) {
        return new RoutingContext(scope, attempt, Optional.empty(), ledger::add, events::add);
    }

    <E extends Event> List<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    LedgerEntry onlyEntry() {
        if (ledger.size() != 1) {
            throw new AssertionError("ledger has " + ledger.size() + " entries, expected 1");
        }
        return ledger.get(0);
    }

    @Override
    public void close() {
        router.close();
    }
}
