package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Quality;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.cost.ProviderSpend;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.Savings;
import dev.architect.model.FailureKind;
import dev.architect.request.RequestScope;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.RoutingContext;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.testkit.time.ManualTime;
import dev.architect.usage.TokenUsage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The scenario of the first page: a thousand simple tasks of 890 prompt and 22 answer tokens. All on the baseline they cost
 * three dollars; routed, a fifth on a local model and a twentieth on the baseline itself, they cost a little over a quarter.
 */
class SavingsScenarioTest {

    private static final TokenUsage TASK = TokenUsage.of(890, 22);
    private static final String PROMPT =
            "Classify this ticket as praise or complaint. " + "It came late and wet. ".repeat(160);

    private final ManualTime time = new ManualTime(RouterFixture.NOW, 1);
    private final InMemoryStore store = new InMemoryStore(time);
    private final ScriptedProvider ollama = provider("ollama");
    private final ScriptedProvider openai = provider("openai");
    private final ScriptedProvider claude = provider("claude");
    private final CostAwareRouter router =
            CostAwareRouter.with(RoutingPolicy.parse("""
                    baseline: claude/claude-sonnet-4-6
                    floors: {quality: {basic: 0, standard: 65, high: 85}}
                    models:
                      - {model: ollama/llama3.2, quality: 45, contextTokens: 8192}
                      - {model: openai/gpt-4o-mini, quality: 66, contextTokens: 128000}
                      - {model: claude/claude-sonnet-4-6, quality: 88, contextTokens: 1000000}
                    """)).create(List.of(ollama, openai, claude), time);

    @Test
    void thousandSimpleTasksSaveNinetyOnePointThreePercentAndNotMore() {
        chat(200, Quality.BASIC);
        chat(750, Quality.STANDARD);
        chat(50, Quality.HIGH);

        List<ProviderSpend> lines = store.ledger().spend(ReportPeriod.today().resolve(RouterFixture.NOW));
        Savings savings = Savings.of(lines);
        assertThat(List.of(ollama.callCount(), openai.callCount(), claude.callCount()))
                .containsExactly(200, 750, 50);
        assertThat(savings.baseline()).hasToString("$3.00");
        assertThat(savings.spent()).hasToString("$0.260025");
        assertThat(savings.cost().estimated().picoUsd()).isZero();
        assertThat(savings.percent()).contains(new BigDecimal("91.3"));
    }

    @Test
    void everythingOnTheBaselineSavesNothing() {
        chat(1_000, Quality.HIGH);

        Savings savings = Savings.of(store.ledger().spend(ReportPeriod.today().resolve(RouterFixture.NOW)));

        assertThat(savings.spent()).hasToString("$3.00");
        assertThat(savings.percent()).contains(new BigDecimal("0.0"));
    }

    @Test
    void escalatedTasksPayTwice() {
        openai.then(ScriptedStep.breakAfter("x".repeat(88), FailureKind.PROTOCOL, TASK));

        chat(1, Quality.STANDARD);

        Savings savings = Savings.of(store.ledger().spend(ReportPeriod.today().resolve(RouterFixture.NOW)));
        assertThat(savings.baseline()).hasToString("$0.003");
        assertThat(savings.spent()).isEqualTo(savings.baseline().plus(new Money(146_700_000L)));
        assertThat(savings.percent()).contains(new BigDecimal("-4.9"));
        assertThat(store.ledger().newest(10))
                .extracting(LedgerEntry::outcome)
                .containsExactlyInAnyOrder(CallOutcome.ANSWERED, CallOutcome.FAILED);
    }

    private void chat(int times, Quality quality) {
        for (int i = 0; i < times; i++) {
            router.chat(
                    ChatRequest.builder(PROMPT).quality(quality).build(),
                    new RoutingContext(
                            RequestScope.create().withTimeout(Duration.ofMinutes(1)),
                            Optional.empty(),
                            Optional.empty(),
                            entry -> store.ledger().record(List.of(entry)),
                            event -> {}));
        }
    }

    private static ScriptedProvider provider(String name) {
        return ScriptedProvider.named(name).always(ScriptedStep.answer("praise", TASK));
    }
}
