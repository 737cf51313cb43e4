package dev.architect.benchmarks.failover.subject;

import dev.architect.Architect;
import dev.architect.benchmarks.failover.server.CanonicalAnswer;
import dev.architect.benchmarks.failover.server.FaultServer;
import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Quality;
import dev.architect.chat.Tool;
import dev.architect.chat.ToolCallDelta;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.Cost;
import dev.architect.cost.CostStatus;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.model.Capability;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.provider.claude.ClaudeProvider;
import dev.architect.provider.gemini.GeminiProvider;
import dev.architect.provider.http.HttpProviderBuilder;
import dev.architect.provider.ollama.OllamaProvider;
import dev.architect.provider.openai.OpenAiApi;
import dev.architect.provider.openai.OpenAiProvider;
import dev.architect.request.CallLimits;
import dev.architect.request.Cancellation;
import dev.architect.request.RequestScope;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.pricing.Prices;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.SecretSource;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.usage.UsageSource;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Architect as a host uses it: the facade, an adapter for each provider, and a policy of the primary model and the fallback. The
 * primary is the cheaper one, and the fallback has the larger window.
 */
final class ArchitectSubject implements Subject {

    private static final String PROMPT = "Describe a river.";
    private static final int QUALITY = 90;
    /** Below the floor of every request that does not ask for it. */
    private static final int QUALITY_OF_UNUSED = 5;

    private static final int WINDOW = 100_000;
    private static final int OUTPUT_FACTOR = 2;
    private static final long PICO_USD_OF_A_TOKEN = Money.PICO_PER_USD / 1_000_000;
    private static final int MOST_CALLS = 1_000;
    /** More than the broken stream has sent. */
    private static final int TOKENS_BEFORE_LEAVING = 46;

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Architect architect;
    private final ModelId healthy;
    /** US dollars for a million tokens of input; output costs twice as much. */
    private final Map<ModelId, Integer> rates = new HashMap<>();

    private final AskForm form;
    private final AtomicInteger numbers = new AtomicInteger();

    ArchitectSubject(SubjectSetup setup, SubjectKind.Arrangement arrangement) {
        this.form = setup.form();
        ModelProvider first = provider(setup, "first");
        List<ModelProvider> providers = new ArrayList<>(List.of(first));
        String second = first.name();
        if (arrangement == SubjectKind.Arrangement.TWO_PROVIDERS) {
            ModelProvider other = provider(setup, "second");
            second = other.name();
            providers.add(other);
        }
        String primary = first.name() + "/" + setup.primary();
        String fallback = second + "/" + setup.fallback();
        this.healthy = ModelId.parse(second + "/" + SubjectSetup.HEALTHY);
        List<ModelPolicy> models = new ArrayList<>();
        models.add(ModelPolicy.builder(primary, QUALITY, WINDOW).build());
        if (form == AskForm.TWO_KEYS) {
            models.add(ModelPolicy.builder(second + "/" + setup.primary(), QUALITY, WINDOW)
                    .build());
        }
        if (arrangement != SubjectKind.Arrangement.ONE_MODEL) {
            models.add(ModelPolicy.builder(fallback, QUALITY, 2 * WINDOW).build());
        }
        if (models.stream().noneMatch(model -> model.id().equals(healthy))) {
            models.add(ModelPolicy.builder(healthy.toString(), QUALITY_OF_UNUSED, WINDOW)
                    .build());
        }
        RoutingPolicy policy =
                RoutingPolicy.builder(ModelId.parse(fallback), models).build();
        if (setup.settings() == SubjectSettings.COMPARABLE) {
            CallLimits usual = policy.limits();
            policy = policy.withCallTimeout(SubjectSettings.LIMIT)
                    .withLimits(new CallLimits(
                            SubjectSettings.LIMIT, usual.firstToken(), SubjectSettings.LIMIT, usual.total()));
        }
        var builder = Architect.builder()
                .store(new InMemoryStore(TimeSource.system()))
                .router(CostAwareRouter.with(policy).prices(Prices.parse(prices(models))))
                .withoutTaskExecution();
        providers.forEach(builder::provider);
        this.architect = builder.build();
    }

    /** Each model twice as expensive as the one before. */
    private String prices(List<ModelPolicy> models) {
        StringBuilder yaml = new StringBuilder("version: suite\nbase: none\ncurrency: USD\nprices:\n");
        int rate = 1;
        for (ModelPolicy model : models) {
            yaml.append("  - {provider: ")
                    .append(model.id().provider())
                    .append(", model: ")
                    .append(model.id().model())
                    .append(", usdPerMillionTokens: {input: ")
                    .append(rate)
                    .append(", output: ")
                    .append(OUTPUT_FACTOR * rate)
                    .append("}, source: this suite, checked: 2026-11-28}\n");
            rates.put(model.id(), rate);
            rate *= 2;
        }
        return yaml.toString();
    }

    private static ModelProvider provider(SubjectSetup setup, String name) {
        URI address = setup.address();
        boolean isRefused = setup.form() == AskForm.TWO_KEYS && name.equals("first");
        SecretSource secrets = secret -> Optional.of(isRefused ? FaultServer.REFUSED_KEY : "key");
        return switch (setup.dialect()) {
            case "openai" ->
                at(address.resolve("/v1"), name, OpenAiProvider.builder(secrets))
                        .build();
            case "openai-responses" ->
                at(address.resolve("/v1"), name, OpenAiProvider.builder(secrets).api(OpenAiApi.RESPONSES))
                        .build();
            case "claude" -> at(address, name, ClaudeProvider.builder(secrets)).build();
            case "gemini" -> at(address, name, GeminiProvider.builder(secrets)).build();
            case "ollama" -> at(address, name, ollama(setup).secrets(secrets)).build();
            default -> throw new IllegalArgumentException("dialect is '" + setup.dialect() + "', expected a known one");
        };
    }

    /** Its models have names that imply no tools. */
    private static OllamaProvider.Builder ollama(SubjectSetup setup) {
        OllamaProvider.Builder builder = OllamaProvider.builder();
        if (setup.form() == AskForm.WITH_TOOL) {
            Set<Capability> able = EnumSet.of(
                    Capability.STREAMING,
                    Capability.SYSTEM_TEXT,
                    Capability.MULTI_TURN,
                    Capability.TOOLS,
                    Capability.PREFILL);
            builder.capabilities(setup.primary(), able).capabilities(setup.fallback(), able);
        }
        return builder;
    }

    private static <B extends HttpProviderBuilder<B>> B at(URI address, String name, B builder) {
        return builder.baseUrl(address).name(name);
    }

    @Override
    public SubjectOutcome ask() {
        return switch (form) {
            case STREAMED, TWO_KEYS -> ask(ChatRequest.of(PROMPT), new Shown(delta -> {}));
            case WHOLE -> whole();
            case WITH_TOOL -> withTool();
            case LEAVING -> leaving();
            case NUMBERED -> numbered();
        };
    }

    @Override
    public SubjectOutcome askHealthy() {
        return ask(
                ChatRequest.builder(PROMPT)
                        .model(healthy)
                        .quality(Quality.BASIC)
                        .build(),
                new Shown(delta -> {}));
    }

    private SubjectOutcome whole() {
        try {
            ChatResponse response = architect.chat(ChatRequest.of(PROMPT));
            return answered(response, response.text());
        } catch (RuntimeException failure) {
            return SubjectOutcome.failed("", failure);
        }
    }

    /** A host that performs a tool call as soon as it has it would perform a part of one. */
    private SubjectOutcome withTool() {
        Tool lookup = new Tool(
                "lookup",
                "Looks a place up.",
                "{\"type\":\"object\",\"properties\":{\"place\":{\"type\":\"string\"}},\"required\":[\"place\"]}");
        Shown shown = new Shown(delta -> {});
        SubjectOutcome outcome = ask(ChatRequest.builder(PROMPT).tools(lookup).build(), shown);
        return !shown.isToolCalled
                ? outcome
                : SubjectOutcome.answered("performed a tool call", Optional.empty(), OptionalLong.empty());
    }

    private SubjectOutcome leaving() {
        Cancellation cancellation = Cancellation.create();
        Shown shown = new Shown(text -> {
            if (CanonicalAnswer.tokens(text).size() == TOKENS_BEFORE_LEAVING) {
                cancellation.cancel();
            }
        });
        return ask(ChatRequest.of(PROMPT), shown, RequestScope.create().withCancellation(cancellation));
    }

    /** The number of the request is in each word of its answer; what is shown as the canonical answer was complete and its own. */
    private SubjectOutcome numbered() {
        String prompt = PROMPT + " #" + numbers.incrementAndGet();
        SubjectOutcome outcome = ask(ChatRequest.of(prompt), new Shown(delta -> {}));
        return outcome.isAnswered() && outcome.text().equals(CanonicalAnswer.to(prompt))
                ? SubjectOutcome.answered(CanonicalAnswer.TEXT, outcome.model(), outcome.outputTokens())
                : outcome;
    }

    private SubjectOutcome ask(ChatRequest request, Shown shown) {
        return ask(request, shown, RequestScope.create());
    }

    private SubjectOutcome ask(ChatRequest request, Shown shown, RequestScope scope) {
        try {
            ChatResponse response = architect.chat(request, scope, shown);
            String text = shown.text();
            // A host may use either, so they must not differ.
            return answered(
                    response,
                    response.text().equals(text) ? text : text + " | but the response has: " + response.text());
        } catch (RuntimeException failure) {
            return SubjectOutcome.failed(shown.text(), failure);
        }
    }

    private static SubjectOutcome answered(ChatResponse response, String text) {
        return SubjectOutcome.answered(
                text,
                Optional.of(response.model().model()),
                response.usage().isUnknown()
                        ? OptionalLong.empty()
                        : OptionalLong.of(response.usage().completionTokens()));
    }

    /** Every call is in the ledger, one that was refused costs nothing, and the answer costs what its model's rates say. */
    @Override
    public String recordProblem(int calls) {
        List<LedgerEntry> entries = architect.ledger().newest(MOST_CALLS);
        long patience = System.nanoTime() + PATIENCE.toNanos();
        // The ledger is written in groups, shortly after the answer.
        while (entries.size() < calls && System.nanoTime() < patience) {
            Thread.onSpinWait();
            entries = architect.ledger().newest(MOST_CALLS);
        }
        if (entries.size() != calls) {
            return "ledger has " + entries.size() + " calls, the server " + calls;
        }
        return entries.stream()
                .map(this::problem)
                .filter(problem -> !problem.isEmpty())
                .findFirst()
                .orElse("");
    }

    private String problem(LedgerEntry entry) {
        Cost cost = entry.charge().cost();
        ModelId model = entry.route().requested();
        if (entry.outcome() == CallOutcome.ANSWERED && entry.metering().source() == UsageSource.ESTIMATED) {
            boolean isBilled = cost.status() == CostStatus.ESTIMATED
                    && cost.amount().filter(amount -> amount.picoUsd() > 0).isPresent();
            return isBilled ? "" : "answer without usage cost " + cost + ", expected an estimate";
        }
        if (entry.outcome() == CallOutcome.ANSWERED) {
            long tokens = entry.metering().usage().promptTokens()
                    + OUTPUT_FACTOR * entry.metering().usage().completionTokens();
            Cost expected = Cost.priced(new Money(tokens * rates.getOrDefault(model, 0) * PICO_USD_OF_A_TOKEN));
            return cost.equals(expected) ? "" : "answer of " + model + " cost " + cost + ", expected " + expected;
        }
        boolean isRefused = entry.failure()
                .filter(kind -> kind == FailureKind.OVERLOADED || kind == FailureKind.RATE_LIMITED)
                .isPresent();
        // A limit may also end a stream, of which a part is billed.
        boolean hasPart = entry.metering().usage().completionTokens() > 0;
        return isRefused && !hasPart && cost.status() != CostStatus.NOT_BILLED ? "refused call cost " + cost : "";
    }

    @Override
    public void close() {
        architect.close();
    }

    /** What a user sees: text as it comes, cleared when the answer starts again. */
    private static final class Shown implements ChatListener {
        private final StringBuffer text = new StringBuffer();
        private final Consumer<String> onChange;
        private volatile boolean isToolCalled;

        Shown(Consumer<String> onChange) {
            this.onChange = onChange;
        }

        @Override
        public void onText(String delta) {
            text.append(delta);
            onChange.accept(text.toString());
        }

        @Override
        public void onToolCall(ToolCallDelta delta) {
            isToolCalled = true;
        }

        @Override
        public void onRestart() {
            text.setLength(0);
        }

        String text() {
            return text.toString();
        }
    }
}
