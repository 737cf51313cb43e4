package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.cost.LedgerEntry;
import dev.architect.model.FailureKind;
import dev.architect.request.RequestScope;
import dev.architect.spi.CallAdmission;
import dev.architect.spi.RoutingContext;
import dev.architect.task.Priority;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However a call ends, and whatever code of the host throws: quotas count what the ledger has, and nothing that was reserved stays. */
final class RouterQuotaLeakTest {

    private static final String POLICY = """
            baseline: claude/claude-sonnet-4-6
            retry: {attempts: 0, longestWait: 0s}
            quotas:
              - {provider: ollama, requests: 100, tokens: 100000, maxConcurrent: 2}
              - {provider: openai, requests: 100, tokens: 100000, maxConcurrent: 2}
              - {provider: claude, requests: 100, tokens: 100000, maxConcurrent: 2}
              - {user: "*", requests: 4, outputTokens: 900, maxConcurrent: 1}
              - {user: user-0, maxConcurrent: 1}
            models:
              - {model: ollama/llama3.2, quality: 45, maxConcurrent: 1, contextTokens: 8192}
              - {model: openai/gpt-4o-mini, quality: 66, maxConcurrent: 2, contextTokens: 128000}
              - {model: claude/claude-sonnet-4-6, quality: 88, maxConcurrent: 16, concurrency: adaptive, contextTokens: 1000000}
            """;
    private static final FailureKind[] KINDS = FailureKind.values();

    @Test
    void quotasCountWhatTheLedgerHas() {
        run(300);
    }

    @Test
    @Tag("slow")
    @Timeout(1_200)
    void quotasCountWhatTheLedgerHasInTenThousandRuns() {
        run(10_000);
    }

    private static void run(int seeds) {
        for (int seed = 0; seed < seeds; seed++) {
            run(new Random(seed), "seed " + seed);
        }
    }

    private static void run(Random random, String seed) {
        int[] until = {random.nextInt(60)};
        Runnable saboteur = () -> {
            if (until[0]-- == 0) {
                if (random.nextInt(3) == 0) {
                    throw new NoClassDefFoundError("absent/Host");
                }
                throw new IllegalStateException("host");
            }
        };
        try (RouterFixture fixture = new RouterFixture(
                POLICY,
                setup -> setup.tokenCounter((model, text) -> {
                    saboteur.run();
                    return text.length();
                }))) {
            fixture.ollama.always(faulty(random));
            fixture.openai.always(faulty(random));
            fixture.claude.always(faulty(random));
            for (int request = 0; request < 8; request++) {
                attempt(fixture, random, saboteur);
                fixture.time.advance(Duration.ofSeconds(random.nextInt(3)));
            }

            until[0] = -1;
            for (String provider : new String[] {"ollama", "openai", "claude"}) {
                long calls = 0;
                long tokens = 0;
                for (LedgerEntry entry : fixture.ledger) {
                    if (entry.route().requested().provider().equals(provider)) {
                        TokenUsage used = entry.metering().usage();
                        calls++;
                        tokens += used.promptTokens() + used.completionTokens();
                    }
                }
                assertThat(used(fixture, "requests", provider))
                        .as("calls to %s of %s", provider, seed)
                        .isEqualTo(calls);
                assertThat(used(fixture, "tokens", provider))
                        .as("tokens of %s of %s", provider, seed)
                        .isEqualTo(tokens);
                assertThat(concurrent(fixture, "provider " + provider)).as(seed).isZero();
                assertThat(fixture.meters
                                .get("architect.router.quota.waiting")
                                .tag("quota", "tokens of provider " + provider + " within 1m")
                                .gauge()
                                .value())
                        .isZero();
            }
            assertThat(concurrent(fixture, "user user-0")).as(seed).isZero();
            fixture.ollama.always(ScriptedStep.answer("well", TokenUsage.of(1, 1)));
            fixture.openai.always(ScriptedStep.answer("well", TokenUsage.of(1, 1)));
            fixture.claude.always(ScriptedStep.answer("well", TokenUsage.of(1, 1)));
            fixture.time.advance(Duration.ofHours(2));
            assertThat(fixture.chat("Hi").text()).as(seed).isEqualTo("well");
            for (String provider : new String[] {"ollama", "openai", "claude"}) {
                assertThat(used(fixture, "requests", provider)).as(seed).isLessThanOrEqualTo(1);
            }
        }
    }

    private static long used(RouterFixture fixture, String unit, String provider) {
        return (long) fixture.meters
                .get("architect.router.quota.used")
                .tag("quota", unit + " of provider " + provider + " within 1m")
                .gauge()
                .value();
    }

    private static long concurrent(RouterFixture fixture, String subject) {
        return (long) fixture.meters
                .get("architect.router.quota.used")
                .tag("quota", "concurrent calls of " + subject)
                .gauge()
                .value();
    }

    private static void attempt(RouterFixture fixture, Random random, Runnable saboteur) {
        ChatListener listener = piece -> saboteur.run();
        RoutingContext context = new RoutingContext(
                RequestScope.create()
                        .withTimeout(Duration.ofSeconds(1 + random.nextInt(60)))
                        .withUser("user-" + random.nextInt(2))
                        .withPriority(new Priority(random.nextInt(10))),
                Optional.empty(),
                random.nextBoolean() ? Optional.of(listener) : Optional.empty(),
                fixture.ledger::add,
                event -> saboteur.run(),
                new CallAdmission(Optional.empty(), saboteur),
                entry -> saboteur.run());
        try {
            if (random.nextInt(8) == 0) {
                Thread.currentThread().interrupt();
            }
            fixture.router.chat(ChatRequest.of("Hi"), context);
        } catch (RuntimeException | Error expected) {
            assertThat(expected).isNotInstanceOf(AssertionError.class);
        } finally {
            Thread.interrupted();
        }
    }

    private static ScriptedStep faulty(Random random) {
        return (model, call, listener) -> {
            TokenUsage usage = TokenUsage.of(random.nextInt(500), random.nextInt(500));
            ScriptedStep step = switch (random.nextInt(4)) {
                case 0 -> ScriptedStep.answer("one two three", usage);
                case 1 -> ScriptedStep.fail(KINDS[random.nextInt(KINDS.length)]);
                case 2 -> ScriptedStep.breakAfter("one two", KINDS[random.nextInt(KINDS.length)], usage);
                default -> throw new IllegalStateException("adapter");
            };
            return step.perform(model, call, listener);
        };
    }
}
